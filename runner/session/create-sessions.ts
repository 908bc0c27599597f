import { DrydockError, type FlagResult } from '#contract';
import { LABEL } from '../core/labels/labels.ts';
import { WORKBENCH } from '../core/plan/launch-plan.ts';
import { ROLES } from '../core/policy/roles.ts';
import type { RunCheck } from '../core/ports/check.ts';
import type { Sessions } from '../core/ports/sessions.ts';
import type { Lab } from '../library/lab.ts';
import { checkSession } from './check-session.ts';
import { handInFlag } from './hand-in-flag.ts';
import { failed, type HeldSession, projectSession, running, stepClock, stepNames } from './held-session.ts';
import { runLabCommand } from './lab-command.ts';
import { applyWorkspace } from './launch/apply-workspace.ts';
import { removeLabelled } from './launch/remove-launch.ts';
import { type OpenDeps, openSession } from './open-session.ts';
import { reap } from './reap.ts';
import { showHint } from './show-hint.ts';

export interface SessionsDeps extends OpenDeps {
  readonly library: ReadonlyMap<string, Lab>;
  readonly check: RunCheck;
}

export interface RunningSessions extends Sessions {
  /** Removes what no session holds; run at start and from time to time. */
  reap(): Promise<string[]>;
  /** Stops every session; resolves when nothing of them is left, throws when all were tried and something is. */
  close(): Promise<void>;
}

/** Every session of this runner. Sessions live as long as the process; the engine's labels find what outlives it. */
export function createSessions(deps: SessionsDeps): RunningSessions {
  const sessions = new Map<string, HeldSession>();

  function find(user: string, id: string): HeldSession {
    const held = sessions.get(id);
    if (held?.user === user) return held;
    throw new DrydockError('no-such-session', `There is no lab with the id "${id}" running for you.`);
  }

  /** One apply, check or stop after the other: each sees what the one before left. */
  function inTurn<T>(held: HeldSession, work: () => Promise<T>): Promise<T> {
    const turn = held.busy.then(work, work);
    held.busy = turn.catch(() => undefined);
    return turn;
  }

  async function apply(held: HeldSession) {
    return inTurn(held, async () => {
      const { launch, pipe } = running(held);
      const started = deps.clock();
      held.state = 'applying';
      try {
        const changed = await applyWorkspace(deps, launch, await pipe.snapshot());
        return { changed, milliseconds: Math.round(deps.clock() - started) };
      } finally {
        if (held.state === 'applying') held.state = 'ready';
      }
    });
  }

  const check = (held: HeldSession, task?: string) => inTurn(held, () => checkSession(deps, deps.check, held, task));

  async function stop(held: HeldSession): Promise<void> {
    await held.opening;
    await inTurn(held, async () => {
      if (held.state === 'stopped') return;
      held.state = 'stopping';
      for (const ended of held.ended) ended();
      held.ended.clear();
      held.pipe?.close();
      try {
        await removeLabelled(deps.engine, { [LABEL.owner]: deps.owner, [LABEL.session]: held.id });
      } catch (error) {
        failed(held, error);
        throw error;
      }
      held.state = 'stopped';
    });
  }

  function open(user: string, lab: Lab): HeldSession {
    const held: HeldSession = {
      id: deps.random(8),
      launchId: deps.random(6),
      user,
      lab,
      openedAt: new Date(deps.clock()).toISOString(),
      steps: stepClock(stepNames(lab), deps.clock),
      verdicts: new Map(),
      flagged: new Set(),
      hints: new Map(),
      ended: new Set(),
      state: 'opening',
      problem: null,
      launch: null,
      pipe: null,
      opening: Promise.resolve(),
      busy: Promise.resolve(),
    };
    sessions.set(held.id, held);
    held.opening = openSession(deps, held, (call) => void runLabCommand(call, labActions(held)));
    return held;
  }

  const logs = async (held: HeldSession, service: string) => {
    const deployed = running(held).launch.services.get(service);
    if (!deployed) throw new DrydockError('bad-request', `This lab has no service "${service}".`);
    return deps.engine.logs(deployed.container, 40);
  };

  const labActions = (held: HeldSession) => ({
    status: () => projectSession(held),
    apply: () => apply(held),
    check: (task?: string) => check(held, task),
    hint: async (task: string) => showHint(held, task),
    flag: async (task: string, flag: string): Promise<FlagResult> => handInFlag(held, task, flag),
    logs: (service: string) => logs(held, service),
    breakTasks: () => breakTasks(held),
  });

  return {
    labs: () => [...deps.library.values()].map((lab) => lab.public),
    async open(user, id) {
      const lab = deps.library.get(id);
      if (!lab) throw new DrydockError('no-such-lab', `There is no lab "${id}".`);
      const live = [...sessions.values()].find((held) => held.user === user && held.lab.id === id && isLive(held));
      return projectSession(live ?? open(user, lab));
    },
    list: (user) => [...sessions.values()].filter((held) => held.user === user).map(projectSession),
    get: (user, id) => projectSession(find(user, id)),
    async stop(user, id) {
      const held = find(user, id);
      await stop(held);
      return projectSession(held);
    },
    files: async (user, id) => running(find(user, id)).pipe.list(),
    readFile: async (user, id, path) => running(find(user, id)).pipe.read(path),
    writeFile: async (user, id, file) => running(find(user, id)).pipe.write(file),
    apply: async (user, id) => apply(find(user, id)),
    check: async (user, id, task) => check(find(user, id), task),
    flag: async (user, id, task, flag) => handInFlag(find(user, id), task, flag),
    hint: async (user, id, task) => showHint(find(user, id), task),
    async terminal(user, id, target) {
      const { launch } = running(find(user, id));
      if (target === WORKBENCH) {
        return {
          engine: deps.engine,
          container: launch.workbench,
          user: ROLES.workbench.user,
          shell: ['/bin/bash', '-l'],
        };
      }
      const service = launch.services.get(target);
      if (!service) throw new DrydockError('bad-request', `This lab has no service "${target}".`);
      return {
        engine: deps.engine,
        container: service.container,
        user: ROLES[service.plan.role].user,
        shell: ['/bin/bash'],
      };
    },
    onEnd(id, ended) {
      const held = sessions.get(id);
      held?.ended.add(ended);
      return () => held?.ended.delete(ended);
    },
    reap() {
      const held = [...sessions.values()].filter(({ state }) => state !== 'stopped' && state !== 'failed');
      return reap(deps.engine, deps.owner, new Set(held.map(({ launchId }) => launchId)), deps.clock());
    },
    async close() {
      const stops = await Promise.allSettled([...sessions.values()].map((held) => stop(held)));
      const refusal = stops.find((one) => one.status === 'rejected');
      if (refusal) throw refusal.reason;
    },
  };
}

const isLive = ({ state }: HeldSession) => state === 'opening' || state === 'ready' || state === 'applying';

function breakTasks({ lab }: HeldSession): string[] {
  return Object.keys(lab.scenario.tasks).filter((id) => lab.scenario.tasks[id]?.kind === 'break');
}
