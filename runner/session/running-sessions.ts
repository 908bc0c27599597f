import type { SessionState } from '#contract';
import type { IsolationResult } from '../core/ports/isolation.ts';
import type { Sessions } from '../core/ports/sessions.ts';

/** The sessions, for whoever runs the runner. */
export interface RunningSessions extends Sessions {
  /** Takes up what a runner that is no more held. Before anything else, once. Throws when engine or store fail. */
  resume(): Promise<void>;
  /** Stops what is due, finds what was lost; to be run every few seconds. */
  sweep(): Promise<void>;
  /** Removes what no session holds; run at start and from time to time. */
  reap(): Promise<string[]>;
  states(): SessionState[];
  /** Throws `isolation-lost` while a lab could reach what none may. */
  requireIsolation(): void;
  /** What the last probe of each launch found. */
  isolation(): IsolationResult[];
  /** Opens nothing new, lets what is under way end, saves all work. What runs goes on without a runner. */
  drain(): Promise<void>;
  /** Stops every session; resolves when nothing of them is left, throws when all were tried and something is. */
  stopAll(): Promise<void>;
}
