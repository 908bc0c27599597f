import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Session, Verdict } from '#contract';
import type { CheckTarget } from '../../../runner/core/ports/check.ts';
import type { Engine } from '../../../runner/core/ports/engine.ts';
import type { Store } from '../../../runner/core/ports/store.ts';
import type { Watch } from '../../../runner/core/ports/watch.ts';
import type { MachineMemory } from '../../../runner/core/session/capacity.ts';
import { type LifetimePolicy, LOCAL_LIFETIME } from '../../../runner/core/session/lifetime.ts';
import { type MemoryEngine, memoryEngine } from '../../../runner/engine/memory/memory-engine.ts';
import type { Programs } from '../../../runner/engine/memory/program.ts';
import { subnetPool } from '../../../runner/engine/subnets.ts';
import { loadLab } from '../../../runner/library/load-lab.ts';
import { createSessions } from '../../../runner/session/create-sessions.ts';
import type { SessionDeps } from '../../../runner/session/session-deps.ts';
import { attachShell } from '../../../runner/terminal/attach-shell.ts';
import { aroundCalls } from '../../support/around-calls.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { workbenchAgent } from './workbench-agent.ts';

export const USER = 'anna';
export const OWNER = 'this-runner';
/** The real lab, from its folder. */
export const LAB = await loadLab(join(import.meta.dirname, '../../..'), 'access-control');

/** What a runner that is killed leaves as it is. */
export interface Surroundings {
  readonly agent: ReturnType<typeof workbenchAgent>;
  readonly memory: MemoryEngine;
  /** Both clocks, and how far the wall's has been put forward against the one that never jumps; milliseconds. */
  readonly time: { now: number; forward: number };
}

export interface WorldOptions {
  readonly programs?: Programs;
  /** How many launches the pool has networks for; 1 by default. */
  readonly launches?: 1 | 2;
  /** Puts something between the sessions and the engine. */
  readonly between?: (engine: Engine) => Engine;
  readonly watch?: Watch;
  readonly store?: Store;
  /** The world of a runner before this one: engine, workbenches and clocks are taken over from it. */
  readonly after?: Surroundings;
  readonly lifetime?: LifetimePolicy;
  /** Of the machine; there is no end of it by default. */
  readonly room?: () => MachineMemory;
  readonly startsAtOnce?: number;
  /** Nothing is probed by default. */
  readonly isolation?: SessionDeps['isolation'];
  readonly check?: (target: CheckTarget, lab: string, tasks: readonly string[]) => Promise<Verdict[]>;
}

/** Prefix of a pool with exactly two /28 networks for each launch: as many as the lab takes. */
const POOLS = { 1: 27, 2: 26 } as const;

/** Sessions on an engine in memory. */
export async function sessionWorld(options: WorldOptions = {}) {
  const {
    programs,
    launches = 1,
    between = (engine) => engine,
    check = async () => [],
    store = await temporaryStore(),
    lifetime,
    watch,
    after,
    room = () => ({ total: 2 ** 40, available: 2 ** 40 }),
    startsAtOnce = 2,
    isolation,
  } = options;
  const agent = after?.agent ?? workbenchAgent(LAB.workspace);
  const memory = after?.memory ?? memoryEngine({ programs: { ...agent.programs, ...programs } });
  const time = after?.time ?? { now: Date.UTC(2030, 0, 1), forward: 0 };
  const warnings: string[] = [];
  const sessions = createSessions({
    engine: between(unhurried(memory)),
    image: (name) => `drydock/${name}:test`,
    owner: OWNER,
    ...(watch && { watch }),
    ...(isolation && { isolation }),
    key: Buffer.alloc(32, 7),
    random: (bytes) => randomBytes(bytes).toString('hex'),
    subnets: subnetPool({ base: `10.213.0.0/${POOLS[launches]}`, prefix: 28 }),
    sandbox: { ipv6: false, appArmor: false },
    clock: () => time.now + time.forward,
    monotonic: () => time.now,
    store,
    lifetime: lifetime ?? LOCAL_LIFETIME,
    memory: async () => room(),
    startsAtOnce,
    warn: (what, error) => warnings.push(`${what}: ${(error as Error).message}`),
    library: new Map([[LAB.id, LAB]]),
    attachShell,
    check,
  });

  /** The session once it is no longer opening, or nobody will open it any more. */
  async function opened(id: string, user = USER, dead = () => false): Promise<Session> {
    for (;;) {
      const session = sessions.get(user, id);
      if (session.state !== 'opening' || dead()) return session;
      await pause(1);
    }
  }

  return {
    sessions,
    store,
    warnings,
    memory,
    time,
    agent,
    lab: agent.lab,
    opened,
    start: async (user = USER) => opened((await sessions.open(user, LAB.id)).id, user),
  };
}

export type SessionWorld = Awaited<ReturnType<typeof sessionWorld>>;

/** Answers after 0 to 2 ms, differently from call to call, so that what runs side by side really does. */
function unhurried(engine: MemoryEngine): Engine {
  let calls = 0;
  return aroundCalls(engine, () => pause((calls++ * 7) % 3));
}
