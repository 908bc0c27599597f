import { DrydockError, type Problem, type Session, type SessionState, type Verdict } from '#contract';
import { WORKBENCH } from '../core/plan/launch-plan.ts';
import type { Times } from '../core/session/lifetime.ts';
import type { Lab } from '../library/lab.ts';
import type { Pipe } from '../pipe/open-pipe.ts';
import type { Launch } from './launch/launch.ts';
import type { StepClock } from './step-clock.ts';

/** A learner's hold on a lab, as the runner keeps it; the store has what must outlive the runner. */
export interface HeldSession {
  readonly id: string;
  readonly user: string;
  readonly lab: Lab;
  readonly verdicts: Map<string, Verdict>;
  /** Break tasks whose flag was handed in. */
  readonly flagged: Set<string>;
  readonly hints: Map<string, number>;
  /** Called when what runs ends: sockets must close. */
  readonly ended: Set<() => void>;
  /** Known before anything is made, so that a launch still being made is held as well. */
  launchId: string;
  /** Milliseconds since the epoch. */
  openedAt: number;
  expiresAt: number | null;
  renewals: number;
  /** On the clock that never jumps. */
  times: Times;
  state: SessionState;
  problem: Problem | null;
  steps: StepClock;
  /** While it opens: how many starts come first. */
  ahead: () => number;
  launch: Launch | null;
  pipe: Pipe | null;
  /** Saves the workspace soon; nothing to do while none is connected. */
  saveSoon: () => void;
  troubles: Session['troubles'];
  /** Opening, until it settles. */
  opening: Promise<void>;
  /** The one apply, check, reset or stop under way; the next waits for it. */
  busy: Promise<unknown>;
  /** How many of them there are. */
  working: number;
}

/** The steps every start of a lab has; a service it may do without has one once it is begun. */
export function stepNames({ scenario: { services } }: Lab): string[] {
  const always = Object.keys(services).filter((name) => !services[name]?.optional);
  return ['networks', ...always, WORKBENCH, 'files'];
}

/** The session as its owner may see it. `stopsAt`: milliseconds since the epoch. */
export function projectSession(held: HeldSession, stopsAt: number | null, warning: string | null): Session {
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
    openedAt: new Date(held.openedAt).toISOString(),
    expiresAt: held.expiresAt === null ? null : new Date(held.expiresAt).toISOString(),
    stopsAt: stopsAt === null ? null : new Date(stopsAt).toISOString(),
    troubles: held.troubles,
    warning,
    ahead: held.state === 'opening' ? held.ahead() : 0,
  };
}

/** Launch of a session that is up. Throws `wrong-state` while it is not. */
export function launched({ launch, state }: HeldSession): Launch {
  if (launch && (state === 'ready' || state === 'applying')) return launch;
  throw new DrydockError('wrong-state', `The lab is ${state}, so this cannot be done now.`);
}

/** Launch and pipe of a session that is up. Throws `wrong-state`, or `workbench-lost` while it is being reconnected. */
export function running(held: HeldSession): { launch: Launch; pipe: Pipe } {
  const launch = launched(held);
  if (held.pipe) return { launch, pipe: held.pipe };
  throw new DrydockError('workbench-lost', 'The connection into the workbench is being made again.');
}

/** A session that is just being taken up is shown as it was; what it is asked for waits until that is so. */
export async function takenUp(held: HeldSession): Promise<HeldSession> {
  if (held.state !== 'opening') await held.opening;
  return held;
}
