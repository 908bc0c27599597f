/** What of a lab's life takes long enough to be worth timing. */
export type Work = 'start' | 'apply' | 'check';

/** What the sessions tell whoever watches the runner. */
export interface Watch {
  /** Runs work that goes on after what asked for it: it gets an id of its own in the log. */
  apart<T>(work: () => T): T;
  /** Times work. It failed when it throws, or when `problem` names one of what it made. */
  timed<T>(work: Work, run: () => Promise<T>, problem?: (made: T) => string | undefined): Promise<T>;
}
