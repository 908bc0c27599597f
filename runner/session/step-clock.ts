import type { Step } from '#contract';

export interface StepClock {
  begin(name: string): void;
  end(name: string, state: 'done' | 'failed'): void;
  failRunning(): void;
  list(): Step[];
}

/** Steps with their times; `clock` in milliseconds. */
export function stepClock(names: readonly string[], clock: () => number): StepClock {
  const steps = new Map<string, { state: Step['state']; from: number; milliseconds: number | null }>(
    names.map((name) => [name, { state: 'waiting', from: 0, milliseconds: null }]),
  );
  function end(name: string, state: 'done' | 'failed') {
    const from = steps.get(name)?.from ?? clock();
    steps.set(name, { state, from, milliseconds: Math.round(clock() - from) });
  }
  return {
    begin(name) {
      steps.set(name, { state: 'running', from: clock(), milliseconds: null });
    },
    end,
    failRunning() {
      for (const [name, { state }] of steps) if (state === 'running') end(name, 'failed');
    },
    list: () => [...steps].map(([name, { state, milliseconds }]) => ({ name, state, milliseconds })),
  };
}

/** The steps of a launch that was found, not made. */
export function stepsDone(names: readonly string[]): StepClock {
  const steps = stepClock(names, () => 0);
  for (const name of names) steps.end(name, 'done');
  return steps;
}
