import { setTimeout as pause } from 'node:timers/promises';
import type { DockerAddress } from '../connect.ts';
import { codeOf, engineError, noAnswer } from './errors.ts';

/** Deadlines of the engine's calls, in milliseconds. */
export const DEADLINE = { ask: 5_000, make: 30_000, remove: 15_000, put: 30_000 } as const;

export interface CallOptions {
  /** Milliseconds; Infinity for a call that may wait as long as it likes. */
  readonly deadline: number;
  /** True for a call that may be repeated without harm: it is, twice, when the connection breaks. */
  readonly idempotent?: boolean;
}

export type Call = <T>(asked: string, options: CallOptions, run: (signal: AbortSignal) => Promise<T>) => Promise<T>;

const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'ECONNREFUSED']);
const PAUSES_MS = [100, 400];

/** Makes the function every call of this engine goes through: deadline, retry, and errors out of the catalogue. */
export function caller(address: DockerAddress): Call {
  return async (asked, options, run) => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await within(options.deadline, run);
      } catch (error) {
        const wait = PAUSES_MS[attempt];
        if (!options.idempotent || wait === undefined || !BROKEN.has(codeOf(error)))
          throw engineError(error, asked, address);
        await pause(wait);
      }
    }
  };
}

/** The deadline holds even where the request itself never notices that its connection is gone. */
async function within<T>(milliseconds: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  if (milliseconds === Number.POSITIVE_INFINITY) return run(abort.signal);
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(noAnswer(`did not answer within ${milliseconds / 1000} s`));
    abort.abort();
  }, milliseconds);
  try {
    return await Promise.race([run(abort.signal), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
