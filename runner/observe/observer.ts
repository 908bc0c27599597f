import type { Logger } from 'pino';
import type { Metrics } from './metrics.ts';
import type { Trace } from './trace.ts';

/** All that watching needs. */
export interface Observer {
  readonly trace: Trace;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Milliseconds, never going back. */
  readonly clock: () => number;
}
