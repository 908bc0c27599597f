import { join } from 'node:path';
import { z } from 'zod';
import { markProcess, stillRuns } from '../machine/process-mark.ts';
import { readState, removeState, writeState } from '../machine/state-file.ts';

const ServerFile = z.object({ pid: z.int(), started: z.string(), url: z.string() });
/** The server of this DRYDOCK_HOME. The file says nothing that signs anybody in. */
export type ServerFile = z.infer<typeof ServerFile>;

const path = (home: string) => join(home, 'server.json');

/** Null when none runs; a file left by one that was killed counts for nothing. */
export async function runningServer(home: string): Promise<ServerFile | null> {
  const file = await readState(path(home), ServerFile);
  return file && (await stillRuns(file)) ? file : null;
}

export async function recordServer(home: string, url: string): Promise<void> {
  await writeState(path(home), { ...(await markProcess(process.pid)), url });
}

export const forgetServer = (home: string) => removeState(path(home));
