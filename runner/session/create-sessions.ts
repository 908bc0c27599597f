import { DrydockError } from '#contract';
import { semaphore } from '../core/flow/semaphore.ts';
import { APP, LABEL } from '../core/labels/labels.ts';
import type { Sessions } from '../core/ports/sessions.ts';
import type { SessionRecord } from '../core/ports/store.ts';
import { demandOf, requireRoom } from '../core/session/capacity.ts';
import { warningAt } from '../core/session/lifetime.ts';
import { canMove, isLive } from '../core/session/session-states.ts';
import type { Lab } from '../library/lab.ts';
import { checkSession } from './check-session.ts';
import { deploySession } from './deploy-session.ts';
import { drainSessions } from './drain-sessions.ts';
import { extendSession } from './extend-session.ts';
import { handInFlag } from './hand-in-flag.ts';
import { type HeldSession, projectSession, running, stepNames, takenUp } from './held-session.ts';
import { freshSession, holdSession } from './hold-session.ts';
import { watchIsolation } from './isolation/watch-isolation.ts';
import { labActions } from './lab-actions.ts';
import { runLabCommand } from './lab-command.ts';
import { memoryMeter } from './measure-memory.ts';
import { openSession } from './open-session.ts';
import { reap } from './reap.ts';
import { resetSession } from './reset-session.ts';
import { resumeSession } from './resume-session.ts';
import type { RunningSessions } from './running-sessions.ts';
import type { SessionDeps } from './session-deps.ts';
import { showHint } from './show-hint.ts';
import { startQueue } from './start-queue.ts';
import { stepClock } from './step-clock.ts';
import { type StopReason, stopReason, stopSession } from './stop-session.ts';
import { sweep } from './sweep.ts';
import { terminalPlace } from './terminal-place.ts';
import { UNWATCHED } from './unwatched.ts';

/** Removing is work for the engine; more at once would only end later. */
const STOPS_AT_ONCE = 4;

/** Every session of this runner: what runs by the engine's labels, what was earned by the store. */
export function createSessions(deps: SessionDeps): RunningSessions {
  const { watch = UNWATCHED } = deps;
  const sessions = new Map<string, HeldSession>();
  const queue = startQueue(deps.startsAtOnce);
  const meter = memoryMeter(deps.engine, deps.monotonic);
  const isolation = watchIsolation(deps);
  let draining = false;

  function find(user: string, id: string): HeldSession {
    const held = sessions.get(id);
    if (held?.user === user) return held;
    throw new DrydockError('no-such-session', `There is no lab with the id "${id}" running for you.`);
  }

  /** For what a learner does, as against what a page asks by itself: it keeps the lab from being stopped as idle. */
  function use(user: string, id: string): HeldSession {
    const held = find(user, id);
    touch(held);
    return held;
  }

  function touch(held: HeldSession): void {
    held.times = { ...held.times, activeAt: deps.monotonic() };
  }

  function project(held: HeldSession) {
    const at = isLive(held.state) ? warningAt(deps.monotonic(), held.times, deps.lifetime) : null;
    const stopsAt = at === null ? null : deps.clock() + at - deps.monotonic();
    return projectSession(held, stopsAt, held.launch && isolation.warningOf(held.launch.id));
  }

  /** One apply, check, reset or stop after the other: each sees what the one before left. */
  function inTurn<T>(held: HeldSession, work: () => Promise<T>): Promise<T> {
    held.working++;
    const turn = held.busy.then(work, work).finally(() => held.working--);
    held.busy = turn.catch(() => undefined);
    return turn;
  }

  const work = {
    apply: (held: HeldSession) => inTurn(held, () => watch.timed('apply', () => deploySession(deps, held))),
    check: (held: HeldSession, task?: string) => inTurn(held, () => checkSession(deps, isolation, held, task)),
    reset: (held: HeldSession, what: Parameters<Sessions['reset']>[2]) =>
      inTurn(held, () => resetSession(deps, held, what)),
    async stop(held: HeldSession, reason: StopReason): Promise<void> {
      await held.opening;
      await inTurn(held, () => stopSession(deps, held, reason));
    },
  };

  const onLab = (held: HeldSession) => {
    const actions = labActions(deps, held, { ...work, project });
    return (call: Parameters<typeof runLabCommand>[0]) => {
      touch(held);
      void watch.apart(() => runLabCommand(call, actions));
    };
  };

  /** A session at rest begins to open; every other stays what it is. `left`: a launch of it that was cut short. */
  function start(held: HeldSession, left?: string): void {
    if (!canMove(held.state, 'opening')) return;
    const now = deps.clock();
    const { limit } = deps.lifetime;
    held.state = 'opening';
    held.launchId = deps.random(6);
    held.openedAt = now;
    held.problem = null;
    held.renewals = 0;
    held.expiresAt = limit === null ? null : now + limit;
    held.times = { activeAt: deps.monotonic(), expiresAt: limit === null ? null : deps.monotonic() + limit };
    held.steps = stepClock(stepNames(held.lab), deps.clock);
    const opening = () =>
      watch.apart(() =>
        watch.timed(
          'start',
          () => openSession(deps, held, onLab(held), left),
          () => held.problem?.name,
        ),
      );
    const { started, ahead } = queue.enter(opening);
    held.opening = started;
    held.ahead = ahead;
  }

  const demand = ({ lab }: HeldSession) => demandOf(lab.id, Object.keys(lab.scenario.services).length, meter.measured);

  const demands = () => [...sessions.values()].filter(({ state }) => isLive(state)).map(demand);

  async function hold(record: SessionRecord, lab: Lab): Promise<HeldSession> {
    const tasks = await deps.store.tasks(record.id);
    const held = sessions.get(record.id) ?? holdSession(deps, lab, record, tasks);
    sessions.set(record.id, held);
    return held;
  }

  return {
    labs: () => [...deps.library.values()].map((lab) => lab.public),
    async open(user, id) {
      const lab = deps.library.get(id);
      if (!lab) throw new DrydockError('no-such-lab', `There is no lab "${id}".`);
      if (draining) throw new DrydockError('draining', 'It takes no new labs any more.');
      const { session } = await deps.store.claimSession(user, id, () => freshSession(deps, user, lab));
      const held = await hold(session, lab);
      if (canMove(held.state, 'opening')) {
        isolation.require();
        const memory = await deps.memory();
        // Nothing is awaited from here on, so that the next who asks counts this one.
        if (canMove(held.state, 'opening')) requireRoom(demand(held), demands(), memory);
        start(held);
      }
      touch(held);
      return project(held);
    },
    list: (user) => [...sessions.values()].filter((held) => held.user === user).map(project),
    get: (user, id) => project(find(user, id)),
    async stop(user, id) {
      const held = use(user, id);
      await work.stop(held, 'learner');
      return project(held);
    },
    files: async (user, id) => running(await takenUp(find(user, id))).pipe.list(),
    readFile: async (user, id, path) => running(await takenUp(find(user, id))).pipe.read(path),
    async writeFile(user, id, file) {
      const held = await takenUp(use(user, id));
      const written = await running(held).pipe.write(file);
      held.saveSoon();
      return written;
    },
    apply: async (user, id) => work.apply(use(user, id)),
    check: async (user, id, task) => work.check(use(user, id), task),
    reset: async (user, id, what) => work.reset(use(user, id), what),
    async extend(user, id) {
      const held = await takenUp(use(user, id));
      await extendSession(deps, held);
      return project(held);
    },
    flag: async (user, id, task, flag) => handInFlag(deps, await takenUp(use(user, id)), task, flag),
    hint: async (user, id, task) => showHint(deps, use(user, id), task),
    async terminal(user, id, target) {
      const held = await takenUp(use(user, id));
      return { ...terminalPlace(deps.engine, held, target), typed: () => touch(held) };
    },
    onEnd(id, ended) {
      const held = sessions.get(id);
      held?.ended.add(ended);
      return () => held?.ended.delete(ended);
    },
    async resume() {
      const [records, found] = await Promise.all([
        deps.store.sessions(),
        deps.engine.list({ [LABEL.app]: APP, [LABEL.owner]: deps.owner }),
      ]);
      for (const record of records) {
        const lab = deps.library.get(record.lab);
        if (!lab) continue;
        const held = await hold(record, lab);
        if (record.state === 'ready' || record.state === 'applying') {
          held.opening = inTurn(held, () => watch.apart(() => resumeSession(deps, held, found, onLab(held))));
        } else if (record.state === 'opening') {
          // Nothing the learner did can be in it yet, so it is made again.
          held.state = 'stopped';
          start(held, record.launch);
        } else if (record.state === 'stopping') {
          held.state = 'ready';
          held.opening = inTurn(held, () => stopSession(deps, held, stopReason(record.problem))).catch(() => undefined);
        }
      }
    },
    async sweep() {
      const all = [...sessions.values()];
      await sweep(deps, all, work.stop).catch((error) => {
        isolation.engineAway();
        throw error;
      });
      await meter.measureNext(all);
      await isolation.look(all.flatMap(({ launch, state }) => (launch && state !== 'stopping' ? [launch] : [])));
    },
    reap() {
      const live = [...sessions.values()].filter(({ state }) => isLive(state));
      return reap(deps.engine, deps.owner, new Set(live.map(({ launchId }) => launchId)), deps.clock());
    },
    states: () => [...sessions.values()].map(({ state }) => state),
    requireIsolation: isolation.require,
    isolation: isolation.results,
    async drain() {
      draining = true;
      await drainSessions(deps, [...sessions.values()]);
    },
    async stopAll() {
      draining = true;
      const stopping = semaphore(STOPS_AT_ONCE);
      const stops = await Promise.allSettled(
        [...sessions.values()].map((held) => stopping(() => work.stop(held, 'learner'))),
      );
      const refusal = stops.find((one) => one.status === 'rejected');
      if (refusal) throw refusal.reason;
    },
  };
}
