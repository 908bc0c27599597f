import { DrydockError, type Session, type SessionState, type Step, type Verdict } from '#contract';
import { WORKBENCH } from '../core/plan/launch-plan.ts';
import type { Lab } from '../library/lab.ts';
import type { Pipe } from '../pipe/open-pipe.ts';
import type { Launch } from './launch/launch.ts';

/** A learner's hold on a launch, as the runner keeps it. */
export interface HeldSession {
  readonly id: string;
  /** Known before anything is made, so that a launch still being made is held as well. */
  readonly launchId: string;
  readonly user: string;
  readonly lab: Lab;
  readonly openedAt: string;
  readonly steps: StepClock;
  readonly verdicts: Map<string, Verdict>;
  /** Break tasks whose flag was handed in. */
  readonly flagged: Set<string>;
  readonly hints: Map<string, number>;
  readonly ended: Set<() => void>;
  state: SessionState;
  problem: ReturnType<DrydockError['toProblem']> | null;
  launch: Launch | null;
  pipe: Pipe | null;
  /** Opening, until it settles. */
  opening: Promise<void>;
  /** The one apply, check or stop under way; the next waits for it. */
  busy: Promise<unknown>;
}

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

export const stepNames = (lab: Lab) => ['networks', ...Object.keys(lab.scenario.services), WORKBENCH, 'files'];

/** The session as its owner may see it. */
export function projectSession(held: HeldSession): Session {
  return {
    id: held.id,
    lab: held.lab.id,
    state: held.state,
    steps: held.steps.list(),
    services: Object.keys(held.lab.scenario.services),
    tasks: Object.entries(held.lab.scenario.tasks).map(([task, { kind }]) => {
      const verdict = held.verdicts.get(task) ?? null;
      const passed = kind === 'break' ? held.flagged.has(task) : verdict?.verdict === 'passed';
      return { task, state: passed ? 'passed' : 'open', verdict };
    }),
    problem: held.problem,
    openedAt: held.openedAt,
    expiresAt: null,
  };
}

/** The session is over for `error`; nobody holds its launch any more, so what is left of it is reaped. */
export function failed(held: HeldSession, error: unknown): void {
  const known = error instanceof DrydockError ? error : new DrydockError('internal', String(error), { cause: error });
  held.launch = null;
  held.problem = known.toProblem();
  held.state = 'failed';
}

/** Launch and pipe of a session that is up. Throws `wrong-state` while it is not. */
export function running(held: HeldSession): { launch: Launch; pipe: Pipe } {
  const { launch, pipe, state } = held;
  if (launch && pipe && (state === 'ready' || state === 'applying')) return { launch, pipe };
  throw new DrydockError('wrong-state', `The lab is ${state}, so this cannot be done now.`);
}
