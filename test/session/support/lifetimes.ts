import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Session } from '#contract';
import { LABEL } from '../../../runner/core/labels/labels.ts';
import { hostConfig } from '../../../runner/core/policy/host-config.ts';
import type { Engine } from '../../../runner/core/ports/engine.ts';
import type { Store } from '../../../runner/core/ports/store.ts';
import { GRACE_SECONDS } from '../../../runner/session/reap.ts';
import { flagInside, served } from './deployment.ts';
import { LAB, OWNER, type SessionWorld, sessionWorld, USER, type WorldOptions } from './session-world.ts';

export const FILE = 'gateway/verify.ts';
export const SHIPPED = LAB.workspace.get(FILE)?.toString('utf8') ?? '';

const BREAK = 'forge-token';
const FIX = 'verify-signature';
const SETTLES_WITHIN_MS = 20_000;

/** For every world of these tests: a checker that is satisfied, and the tool that clears data. */
export const EASY: WorldOptions = {
  launches: 2,
  programs: { '/usr/bin/find': async () => 0 },
  check: async (_target, _lab, tasks) =>
    tasks.map((task) => ({
      task,
      verdict: 'passed',
      message: { id: 'told', params: {}, text: 'Told.' },
      evidence: [],
      replay: '',
      probes: [],
    })),
};

/** Does all there is to do in a lab: the flag handed in, the fix checked, a hint seen. */
export async function earnAll(world: SessionWorld, session: Session): Promise<void> {
  const { sessions } = world;
  await sessions.flag(USER, session.id, BREAK, await flagInside(world, session));
  await sessions.check(USER, session.id, FIX);
  await sessions.hint(USER, session.id, BREAK);
}

/** Throws unless what `earnAll` earned is still there. */
export async function requireEarned({ sessions }: SessionWorld, { id }: Session): Promise<void> {
  const tasks = sessions.get(USER, id).tasks.map(({ task, state, verdict }) => [task, state, verdict?.verdict]);
  assert.deepEqual(tasks, [
    [BREAK, 'passed', undefined],
    [FIX, 'passed', 'passed'],
  ]);
  const { shown, left } = await sessions.hint(USER, id, BREAK);
  assert.deepEqual([shown.length, left], [2, 1], 'hints shown');
}

/** The next runner on the same engine and store, once every session it took up has come to rest or is of use. */
export async function nextRunner(first: SessionWorld, store: Store, options: WorldOptions = {}): Promise<SessionWorld> {
  const world = await sessionWorld({ ...EASY, ...options, after: first, store });
  await world.sessions.resume();
  await Promise.all(world.sessions.list(USER).map(({ id }) => settled(world, id)));
  return world;
}

async function settled({ sessions }: SessionWorld, id: string): Promise<void> {
  const until = performance.now() + SETTLES_WITHIN_MS;
  for (;;) {
    const { state } = sessions.get(USER, id);
    if (state === 'stopped' || state === 'failed') return;
    if (state === 'ready' && (await sessions.files(USER, id).catch(() => null))) return;
    if (performance.now() > until) throw new Error(`the session is still ${state}, and of no use`);
    await pause(5);
  }
}

/** What a runner does as long as it lives, once the grace is over. */
export async function lookAfter({ sessions, time }: SessionWorld): Promise<void> {
  time.now += (GRACE_SECONDS + 1) * 1000;
  await sessions.sweep();
  await sessions.reap();
}

/** Somebody else's things, one of each kind, with the labels of another runner and with none. Resolves to their names. */
export async function makeForeign(engine: Engine): Promise<string[]> {
  const another = { [LABEL.app]: 'drydock', [LABEL.owner]: 'another', [LABEL.launch]: 'x', [LABEL.created]: '1' };
  for (const [index, labels] of [another, {}].entries()) {
    const name = `foreign-${index}`;
    await engine.createNetwork({ name, subnet: `10.99.${index}.0/28`, bridge: name, labels });
    await engine.createVolume({ name, labels });
    await engine.createContainer({
      name,
      image: 'any',
      labels,
      command: [],
      env: {},
      user: '',
      workingDir: '/',
      interactive: false,
      hostConfig: hostConfig('filer', { network: { kind: 'none' }, mounts: [], ipv6: false, appArmor: false }),
      endpoints: [],
    });
  }
  return foreignTo(engine);
}

export async function foreignTo(engine: Engine): Promise<string[]> {
  const { containers, networks, volumes } = await engine.list({});
  return [...containers, ...networks, ...volumes]
    .filter(({ labels }) => labels[LABEL.owner] !== OWNER)
    .map(({ name }) => name);
}

/** Throws unless everything of ours on the engine is of the launch its session holds, whole and running. */
export async function requireOnlyHeld({ memory, sessions }: SessionWorld): Promise<void> {
  const { containers, networks, volumes } = await memory.list({ [LABEL.owner]: OWNER });
  const launches = new Set([...containers, ...networks, ...volumes].map(({ labels }) => labels[LABEL.launch]));
  const up = sessions.states().filter((state) => state === 'ready').length;
  assert.equal(launches.size, up, `${launches.size} launches on the engine, ${up} held`);
  const idle = containers.filter(({ running }) => !running).map(({ name }) => name);
  assert.deepEqual(idle, [], 'containers that do not run');
  const passing = containers.filter(({ labels }) => /^(checker|filer|cleaner)$/.test(labels[LABEL.role] ?? ''));
  assert.deepEqual(
    passing.map(({ name }) => name),
    [],
    'left of work that was cut short',
  );
}

/** Throws unless the gateway runs what the store says was last deployed. */
export async function requireDeployed(world: SessionWorld, session: Session): Promise<void> {
  const applied = await world.store.snapshot(session.id, 'applied');
  const text = applied ? Buffer.from(applied.files.get(FILE) ?? '').toString('utf8') : SHIPPED;
  assert.deepEqual(await served(world, session, 'gateway', FILE), [text], 'not what was last deployed');
}
