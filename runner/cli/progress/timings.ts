import { join } from 'node:path';
import { z } from 'zod';
import { readState, writeState } from '../machine/state-file.ts';

/** Step → milliseconds it took last time on this machine. */
export type Timings = Record<string, number>;

const file = (home: string) => join(home, 'timings.json');

export const readTimings = async (home: string): Promise<Timings> =>
  (await readState(file(home), z.record(z.string(), z.number().min(0)))) ?? {};

export async function saveTimings(home: string, timings: Timings): Promise<void> {
  if (Object.keys(timings).length === 0) return;
  await writeState(file(home), { ...(await readTimings(home)), ...timings });
}
