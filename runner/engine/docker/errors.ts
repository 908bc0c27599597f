import { DrydockError } from '#contract';
import { type DockerAddress, describeAddress } from '../connect.ts';
import { imageMissing, refused } from '../refused.ts';

/** What dockerode and our own requests throw for an HTTP status: the engine's answer, however unwelcome. */
export interface Refusal extends Error {
  readonly statusCode: number;
  readonly json?: unknown;
}

export function refusal(statusCode: number, words: string): Refusal {
  return Object.assign(new Error(words), { statusCode, json: { message: words } });
}

export function isRefusal(error: unknown, ...statuses: readonly number[]): error is Refusal {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return false;
  return statuses.length === 0 || statuses.includes(error.statusCode);
}

/** The engine's own words. */
export function wordsOf(error: Refusal): string {
  const json = error.json;
  if (typeof json === 'object' && json !== null && 'message' in json && typeof json.message === 'string')
    return json.message;
  return error.message.trim();
}

/** Thrown where the engine took the connection and then said nothing, or broke off in the middle. */
export function noAnswer(words: string): Error & { code: string } {
  return Object.assign(new Error(words), { code: 'ENOANSWER' });
}

/** Any failure of a call → the catalogue. `asked` completes "to …", e.g. "create the network x". */
export function engineError(error: unknown, asked: string, address: DockerAddress): DrydockError {
  if (error instanceof DrydockError) return error;
  if (isRefusal(error)) {
    const words = wordsOf(error);
    const missing = error.statusCode === 404 && /no such image/i.test(words);
    return missing ? imageMissing(asked, words, error) : refused(asked, words, error);
  }
  const reason = reasonOf(error, describeAddress(address));
  return new DrydockError('engine-unavailable', `The container engine was asked to ${asked}, but ${reason}.`, {
    cause: error,
  });
}

function reasonOf(error: unknown, place: string): string {
  switch (codeOf(error)) {
    case 'ENOENT':
      return `there is no ${place}; it is not running, or listens elsewhere`;
    case 'ECONNREFUSED':
      return `nothing listens at ${place}; it is not running`;
    case 'EACCES':
      return `this user may not open ${place}`;
    case 'ENOANSWER':
      return `it ${(error as Error).message}`;
    default:
      return `the connection to ${place} broke (${error instanceof Error ? error.message : String(error)})`;
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
