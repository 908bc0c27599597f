/** How long sessions live; milliseconds. */
export interface LifetimePolicy {
  /** Stopped when its learner has done nothing for this long. */
  readonly idle: number;
  /** Longest life of a launch before it must be extended; null: no limit. */
  readonly limit: number | null;
  /** How often the limit may be extended by as much again. */
  readonly renewals: number;
  /** How long before a stop the learner is warned. */
  readonly warning: number;
}

const MINUTE = 60_000;

/** For one person on their own machine: no limit, and an idle lab gives its memory back. */
export const LOCAL_LIFETIME: LifetimePolicy = {
  idle: 30 * MINUTE,
  limit: null,
  renewals: 0,
  warning: 5 * MINUTE,
};

/** Points in time on a clock that never jumps, milliseconds. */
export interface Times {
  readonly activeAt: number;
  readonly expiresAt: number | null;
}

export type Due = 'idle' | 'expired' | null;

/** Why a session is to be stopped now, if it is. */
export function dueAt(now: number, times: Times, policy: LifetimePolicy): Due {
  if (times.expiresAt !== null && now >= times.expiresAt) return 'expired';
  return now - times.activeAt >= policy.idle ? 'idle' : null;
}

/** When it will be stopped if nothing happens, once that is near enough to warn of; null before. */
export function warningAt(now: number, times: Times, policy: LifetimePolicy): number | null {
  const stop = Math.min(times.activeAt + policy.idle, times.expiresAt ?? Number.POSITIVE_INFINITY);
  return stop - now <= policy.warning ? stop : null;
}

/**
 * What is left of a stored expiry when the runner starts again, milliseconds. A wall clock that jumped meanwhile can
 * neither end every session at once nor make one last longer than its limit: there is always time for the warning.
 */
export function remaining(expiresAt: number, wallNow: number, policy: LifetimePolicy): number {
  const left = Math.min(expiresAt - wallNow, policy.limit ?? Number.POSITIVE_INFINITY);
  return Math.max(left, policy.warning);
}
