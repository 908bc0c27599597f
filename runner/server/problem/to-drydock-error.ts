import { DrydockError } from '#contract';
import type { ServerDeps } from '../server-deps.ts';

type Reporting = Pick<ServerDeps, 'log' | 'trace' | 'newId'>;

/** Makes anything thrown presentable. What was not foreseen is logged under the request's id, and only the id is told. */
export function toDrydockError(error: unknown, { log, trace, newId }: Reporting): DrydockError {
  if (error instanceof DrydockError) {
    if (error.status >= 500) log.warn(problemForLog(error), 'answered with a problem');
    return error;
  }
  if (isClientFault(error))
    return new DrydockError('bad-request', 'The address or the headers are malformed.', { cause: error });
  const id = trace.id() ?? newId();
  log.error({ id, err: error }, 'unexpected error');
  return new DrydockError('internal', `The server's log has the details under ${id}.`, {
    hint: 'Please report it with those lines of the log.',
  });
}

/** Express marks what it could not make sense of (a broken escape in a path) with a status of 4xx. */
function isClientFault(error: unknown): boolean {
  if (!(error instanceof Error) || !('status' in error)) return false;
  return typeof error.status === 'number' && error.status >= 400 && error.status < 500;
}

/** What an engine said when it refused may repeat a learner's command line: its own line in the log has what is safe. */
function problemForLog({ name, message, cause }: DrydockError) {
  return name === 'engine-refused' ? { problem: name } : { problem: name, reason: message, err: cause };
}
