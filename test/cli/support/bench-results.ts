import type { Measure } from '../../../runner/cli/bench/measure.ts';

/** A measure that is never prepared: for what is done with its values. */
export const measureOf = (change: Partial<Measure> = {}): Measure => ({
  name: 'start.cold',
  unit: 'ms',
  good: 'small',
  goal: 1.1,
  runs: 5,
  bound: 'the same, bare',
  prepare: () => Promise.reject(new Error('not to be prepared')),
  ...change,
});
