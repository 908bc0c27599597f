import pino, { type DestinationStream, type Logger } from 'pino';
import { DrydockError } from '#contract';
import { errorForLog } from './error-for-log.ts';
import type { Trace } from './trace.ts';

const LEVELS = Object.values(pino.levels.labels);

/** The log: one JSON object a line, each with the id of the work it belongs to. Throws `usage` for an unknown level. */
export function createLog(trace: Trace, level: string, destination: DestinationStream): Logger {
  if (!LEVELS.includes(level)) {
    throw new DrydockError('usage', `"${level}" is no level of the log.`, {
      hint: `Use one of ${LEVELS.join(', ')}.`,
    });
  }
  return pino({ base: null, level, mixin: trace.fields, serializers: { err: errorForLog } }, destination);
}
