import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Session } from '#contract';
import { LABEL } from '../../runner/core/labels/labels.ts';
import type { Channel, Engine } from '../../runner/core/ports/engine.ts';
import { openPipe } from '../../runner/pipe/open-pipe.ts';
import { WORKSPACE } from '../../runner/session/launch/make-workbench.ts';
import { edit, served } from './support/deployment.ts';
import { EASY, earnAll, FILE, lookAfter, requireEarned, requireOnlyHeld, SHIPPED } from './support/lifetimes.ts';
import { outage } from './support/outage.ts';
import { refusingStore } from './support/refusing-store.ts';
import { type SessionWorld, sessionWorld, USER } from './support/session-world.ts';

const FIX = 'verify-signature';
const WRITTEN = `${SHIPPED}// written\n`;

async function containerOf({ memory }: SessionWorld, { id }: Session, role: string, position: string): Promise<string> {
  const labels = { [LABEL.session]: id, [LABEL.role]: role, [LABEL.position]: position };
  const [container] = (await memory.list(labels)).containers;
  assert.ok(container, `${role} at ${position}`);
  return container.id;
}

const troublesOf = ({ sessions }: SessionWorld, { id }: Session) =>
  sessions.get(USER, id).troubles.map(({ service, state }) => [service, state]);

const savedText = async ({ store }: SessionWorld, { id }: Session) =>
  Buffer.from((await store.snapshot(id, 'latest'))?.files.get(FILE) ?? '').toString();

for (const [how, state] of [
  ['removed', 'gone'],
  ['ended', 'crashed'],
] as const) {
  test(`L15 S11 a service that is ${how} behind our back is told of at the next look, and apply brings it back`, async () => {
    const world = await sessionWorld(EASY);
    const session = await world.start();
    await world.sessions.sweep();
    assert.deepEqual(troublesOf(world, session), [], 'the control: with all running there are none');
    const gateway = await containerOf(world, session, 'service', 'gateway');
    if (how === 'removed') await world.memory.removeContainer(gateway);
    else await world.memory.killContainer(gateway, 'SIGKILL');
    await world.sessions.sweep();
    assert.deepEqual(troublesOf(world, session), [['gateway', state]]);
    assert.deepEqual((await world.sessions.apply(USER, session.id)).changed, ['gateway']);
    assert.deepEqual(troublesOf(world, session), []);
    await world.sessions.sweep();
    assert.deepEqual(troublesOf(world, session), []);
    assert.deepEqual(await served(world, session, 'gateway', FILE), [SHIPPED]);
  });
}

for (const [role, position] of [
  ['holder', 'gateway'],
  ['workbench', 'workbench'],
] as const) {
  test(`L15 without the ${role} of ${position} the launch is lost: said so, removed, and opened again with what was earned and written`, async () => {
    const world = await sessionWorld(EASY);
    const session = await world.start();
    await earnAll(world, session);
    await edit(world, session, FILE, WRITTEN);
    if (position === 'workbench') await world.sessions.apply(USER, session.id);
    let ended = 0;
    world.sessions.onEnd(session.id, () => ended++);
    await world.memory.removeContainer(await containerOf(world, session, role, position));
    await world.sessions.sweep();
    const { state, problem } = world.sessions.get(USER, session.id);
    assert.deepEqual([state, problem?.name, ended], ['failed', 'launch-lost', 1]);
    await requireOnlyHeld(world);
    assert.equal((await world.start()).state, 'ready');
    assert.equal((await world.sessions.readFile(USER, session.id, FILE)).content, WRITTEN);
    await requireEarned(world, session);
  });
}

test('L4 an engine that is away changes nothing; once it is back, all goes on', async () => {
  const engine = outage();
  const world = await sessionWorld({ ...EASY, between: engine.between });
  const session = await world.start();
  engine.down();
  await assert.rejects(world.sessions.sweep(), { name: 'engine-unavailable' });
  await assert.rejects(world.sessions.reap(), { name: 'engine-unavailable' });
  assert.equal(world.sessions.get(USER, session.id).state, 'ready');
  engine.up();
  await lookAfter(world);
  await edit(world, session, FILE, WRITTEN);
  assert.deepEqual((await world.sessions.apply(USER, session.id)).changed, ['gateway']);
});

test('L4 an engine that was restarted has ended every container: lost, and opened again', async () => {
  const world = await sessionWorld(EASY);
  const session = await world.start();
  for (const { id } of (await world.memory.list({})).containers) {
    await world.memory.killContainer(id, 'SIGKILL').catch(() => undefined);
  }
  await world.sessions.sweep();
  const { problem } = world.sessions.get(USER, session.id);
  assert.deepEqual([problem?.name, /engine is restarted/.test(problem?.message ?? '')], ['launch-lost', true]);
  assert.equal((await world.start()).state, 'ready');
  await requireOnlyHeld(world);
});

test('L10 while the store takes no writes no verdict and no flag counts, the lab goes on, and all recovers with it', async () => {
  const { store, refuse, take } = await refusingStore();
  const world = await sessionWorld({ ...EASY, store });
  const { sessions } = world;
  const session = await world.start();
  const open = () => sessions.get(USER, session.id).tasks.map(({ state }) => state);
  refuse();
  await assert.rejects(sessions.check(USER, session.id, FIX), { name: 'store-failed' });
  await assert.rejects(earnAll(world, session), { name: 'store-failed' });
  assert.deepEqual(open(), ['open', 'open']);
  assert.deepEqual(await store.attempts(session.id), []);
  await edit(world, session, FILE, WRITTEN);
  await assert.rejects(sessions.apply(USER, session.id), { name: 'store-failed' });
  assert.deepEqual(stateOf(sessions.get(USER, session.id)), ['ready', null]);
  assert.equal((await sessions.open('ben', session.lab).catch(({ name }) => name)) as unknown, 'store-failed');
  take();
  assert.deepEqual((await sessions.apply(USER, session.id)).changed, ['gateway']);
  await earnAll(world, session);
  assert.deepEqual(open(), ['passed', 'passed']);
  assert.ok((await store.attempts(session.id)).length >= 2);
});

const stateOf = ({ state, problem }: Session) => [state, problem?.name ?? null];

/** Lets mocked time go by until something holds; answers after how many milliseconds. */
async function passUntil(t: TestContext, holds: () => Promise<boolean>): Promise<number> {
  for (let passed = 0; passed < 60_000; passed += 20) {
    if (passed % 200 === 0 && (await holds())) return passed;
    t.mock.timers.tick(20);
    // Ten times as fast as it is: pauses that were imported go by the real clock.
    await pause(2);
  }
  throw new Error('it did not come about within a minute');
}

test('L14 what is written is saved within 30 s, also when the first attempts to save it fail', async (t) => {
  const { store, refuse, take } = await refusingStore();
  const world = await sessionWorld({ ...EASY, store });
  const session = await world.start();
  t.mock.timers.enable({ apis: ['setTimeout'] });
  await edit(world, session, FILE, WRITTEN);
  refuse();
  const refused = await passUntil(t, async () => world.warnings.length >= 2);
  assert.notEqual(await savedText(world, session), WRITTEN, 'the control: nothing was saved yet');
  take();
  const more = await passUntil(t, async () => (await savedText(world, session)) === WRITTEN);
  assert.ok(refused + more <= 30_000, `${refused + more} ms`);
});

test('L14 what is written while the connection into the workbench is lost is saved once it is back', async (t) => {
  const agents: Channel[] = [];
  const away = outage();
  const keeping = (engine: Engine): Engine => ({
    ...engine,
    async exec(id, spec) {
      const channel = await engine.exec(id, spec);
      if (spec.argv[0] === '/usr/local/bin/node') agents.push(channel);
      return channel;
    },
  });
  const world = await sessionWorld({ ...EASY, between: (engine) => away.between(keeping(engine)) });
  const session = await world.start();
  const workbench = await containerOf(world, session, 'workbench', 'workbench');
  t.mock.timers.enable({ apis: ['setTimeout'] });
  away.down();
  agents[0]?.close();
  await passUntil(t, async () => (await world.sessions.files(USER, session.id).catch(() => null)) === null);
  // As an editor in a shell of the workbench does: nothing of the runner's hears of it.
  const options = { user: '1000', root: WORKSPACE, onLab: () => undefined, onChange: () => undefined };
  const shell = await openPipe(world.memory, workbench, options);
  const { version } = await shell.read(FILE);
  await shell.write({ path: FILE, content: WRITTEN, version });
  shell.close();
  away.up();
  const milliseconds = await passUntil(t, async () => (await savedText(world, session)) === WRITTEN);
  assert.ok(milliseconds <= 30_000, `${milliseconds} ms`);
  assert.equal((await world.sessions.readFile(USER, session.id, FILE)).content, WRITTEN);
});
