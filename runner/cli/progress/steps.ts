import type { Progress } from '../../engine/images/progress.ts';
import type { Timings } from './timings.ts';

export interface StepState {
  readonly name: string;
  state: 'waiting' | 'running' | 'done' | 'failed';
  /** Clock readings, milliseconds. */
  began: number;
  ended: number;
  said: string;
}

/** A progress that keeps account; `changed` is called after each change, with the step it was about. */
export interface Steps extends Progress {
  readonly all: readonly StepState[];
  readonly took: () => Timings;
}

export interface Shown {
  readonly steps: Steps;
  /** Stops drawing; nothing else may be printed before. */
  readonly stop: () => void;
}

export function steps(
  clock: () => number,
  changed: (step: StepState, what: 'planned' | 'began' | 'said' | 'ended') => void,
): Steps {
  const all: StepState[] = [];
  const find = (name: string): StepState => {
    const known = all.find((step) => step.name === name);
    if (known) return known;
    const step: StepState = { name, state: 'waiting', began: 0, ended: 0, said: '' };
    all.push(step);
    return step;
  };
  const end = (name: string, state: 'done' | 'failed') => {
    const step = find(name);
    Object.assign(step, { state, ended: clock() });
    changed(step, 'ended');
  };
  return {
    all,
    took: () =>
      Object.fromEntries(all.filter((one) => one.state === 'done').map((one) => [one.name, one.ended - one.began])),
    plan: (names) => {
      for (const name of names) changed(find(name), 'planned');
    },
    start: (name) => {
      const step = find(name);
      Object.assign(step, { state: 'running', began: clock() });
      changed(step, 'began');
    },
    line: (name, text) => {
      const step = find(name);
      step.said = text;
      changed(step, 'said');
    },
    done: (name) => end(name, 'done'),
    failed: (name) => end(name, 'failed'),
  };
}

/** Milliseconds left, from last time's figures; null when a step that is not done was never timed here. */
export function timeLeft(all: readonly StepState[], last: Timings, now: number): number | null {
  let left = 0;
  for (const step of all) {
    if (step.state === 'done' || step.state === 'failed') continue;
    const whole = last[step.name];
    if (whole === undefined) return null;
    left += Math.max(0, step.state === 'running' ? whole - (now - step.began) : whole);
  }
  return left;
}
