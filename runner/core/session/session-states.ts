import type { SessionState } from '#contract';

/**
 * The states of a session and every move there is. `stopped` and `failed` are at rest: nothing runs, the work is
 * kept, and opening makes a new launch.
 */
const MOVES: Readonly<Record<SessionState, readonly SessionState[]>> = {
  opening: ['ready', 'stopping', 'failed'],
  ready: ['applying', 'stopping', 'failed'],
  applying: ['ready', 'stopping', 'failed'],
  stopping: ['stopped', 'failed'],
  stopped: ['opening'],
  failed: ['opening', 'stopping'],
};

export const canMove = (from: SessionState, to: SessionState): boolean => MOVES[from].includes(to);

/** Something of the session is on the engine, or about to be. */
export const isLive = (state: SessionState): boolean => state !== 'stopped' && state !== 'failed';
