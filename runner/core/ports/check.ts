import type { Verdict } from '#contract';
import type { Labels } from './engine.ts';

/** A running launch as a checker needs to see it. */
export interface CheckTarget {
  readonly labels: Labels;
  readonly launch: string;
  /** Position name → holder and addresses by network. */
  readonly positions: ReadonlyMap<
    string,
    { readonly holder: string; readonly addresses: Readonly<Record<string, string>> }
  >;
  readonly secrets: Readonly<Record<string, string>>;
}

/** Runs the fix tasks' probes against a launch. Throws DrydockError `could-not-check`; a learner's service cannot cause it. */
export type RunCheck = (target: CheckTarget, lab: string, tasks: readonly string[]) => Promise<Verdict[]>;
