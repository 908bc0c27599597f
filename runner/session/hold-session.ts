import type { SessionRecord, TaskRecord } from '../core/ports/store.ts';
import { remaining } from '../core/session/lifetime.ts';
import type { Lab } from '../library/lab.ts';
import { type HeldSession, stepNames } from './held-session.ts';
import type { SessionDeps } from './session-deps.ts';
import { stepsDone } from './step-clock.ts';

/** A session as the store remembers it, at rest until it is opened or resumed. */
export function holdSession(
  deps: Pick<SessionDeps, 'monotonic' | 'clock' | 'lifetime'>,
  lab: Lab,
  record: SessionRecord,
  tasks: readonly TaskRecord[],
): HeldSession {
  const now = deps.monotonic();
  const { expiresAt } = record;
  return {
    id: record.id,
    user: record.user,
    lab,
    verdicts: new Map(tasks.flatMap(({ task, verdict }) => (verdict ? [[task, verdict]] : []))),
    flagged: new Set(tasks.filter(({ flaggedAt }) => flaggedAt !== null).map(({ task }) => task)),
    hints: new Map(tasks.map(({ task, hints }) => [task, hints])),
    ended: new Set(),
    launchId: record.launch,
    openedAt: record.openedAt,
    expiresAt,
    renewals: record.renewals,
    times: {
      // Nobody could do anything while no runner was there, so the time of idleness begins anew.
      activeAt: now,
      expiresAt: expiresAt === null ? null : now + remaining(expiresAt, deps.clock(), deps.lifetime),
    },
    state: record.state,
    problem: record.problem,
    steps: stepsDone(stepNames(lab)),
    ahead: () => 0,
    launch: null,
    pipe: null,
    saveSoon: () => {},
    troubles: [],
    opening: Promise.resolve(),
    busy: Promise.resolve(),
    working: 0,
  };
}

/** One that has never been opened. */
export function freshSession(
  { engine, clock, random }: Pick<SessionDeps, 'engine' | 'clock' | 'random'>,
  user: string,
  lab: Lab,
): SessionRecord {
  return {
    id: random(8),
    user,
    lab: lab.id,
    state: 'stopped',
    launch: '',
    node: engine.node,
    openedAt: clock(),
    expiresAt: null,
    renewals: 0,
    activeAt: clock(),
    problem: null,
  };
}
