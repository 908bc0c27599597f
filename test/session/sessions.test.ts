import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Session, type Step } from '#contract';
import { LABEL } from '../../runner/core/labels/labels.ts';
import { refused } from '../../runner/engine/refused.ts';
import { aroundCalls } from '../support/around-calls.ts';
import { edit, inventory, served } from './support/deployment.ts';
import { requireNothingLeft } from './support/require-nothing-left.ts';
import { LAB, sessionWorld, USER } from './support/session-world.ts';

const FILE = 'gateway/verify.ts';

test('L3 a lab opened twenty times at once by one person is one session and one launch', async () => {
  const world = await sessionWorld();
  const opened = await Promise.all(Array.from({ length: 20 }, () => world.sessions.open(USER, LAB.id)));
  const ids = new Set(opened.map(({ id }) => id));
  assert.equal(ids.size, 1);
  await world.opened(opened[0]?.id ?? '');
  const { containers } = await world.memory.list({});
  assert.equal(new Set(containers.map(({ labels }) => labels[LABEL.launch])).size, 1);
  assert.equal((await world.sessions.open(USER, LAB.id)).id, opened[0]?.id, 'and still once it is ready');
});

test('L3 control: two people get a session each', async () => {
  const world = await sessionWorld({ launches: 2 });
  const [anna, ben] = await Promise.all([world.start(), world.start('ben')]);
  assert.notEqual(anna.id, ben.id);
  assert.deepEqual([anna.state, ben.state], ['ready', 'ready']);
});

test('L8 closing stops every session, also when one cannot be removed', async () => {
  const stuck = new Set<unknown>();
  const world = await sessionWorld({
    launches: 2,
    between: (engine) =>
      aroundCalls(engine, async (call, first) => {
        if (call === 'removeNetwork' && stuck.has(first)) throw refused('remove a network', 'busy');
        // Slower than all tries at the stuck one together.
        if (call === 'removeVolume' && stuck.size > 0) await pause(2000);
      }),
  });
  const [anna] = await Promise.all([world.start(), world.start('ben')]);
  const { networks } = await world.memory.list({ [LABEL.session]: anna.id });
  for (const { id } of networks) stuck.add(id);
  await assert.rejects(world.sessions.stopAll(), { name: 'engine-refused' });
  const left = await world.memory.list({});
  assert.deepEqual(
    new Set([...left.networks, ...left.volumes].map(({ labels }) => labels[LABEL.session])),
    new Set([anna.id]),
  );
  assert.equal(world.sessions.list('ben')[0]?.state, 'stopped');
});

test('L3 a stop during the start leaves nothing, and the lab opens anew', async () => {
  const world = await sessionWorld();
  const { id, state } = await world.sessions.open(USER, LAB.id);
  assert.equal(state, 'opening');
  assert.equal((await world.sessions.stop(USER, id)).state, 'stopped');
  await requireNothingLeft(world.memory);
  const again = await world.start();
  assert.deepEqual([again.state, again.id], ['ready', id]);
});

test('stopping twice at once removes once and answers both', async () => {
  let lists = 0;
  const world = await sessionWorld({
    between: (engine) =>
      aroundCalls(engine, (call) => {
        if (call === 'list') lists++;
      }),
  });
  const { id } = await world.start();
  const states = await Promise.all([world.sessions.stop(USER, id), world.sessions.stop(USER, id)]);
  assert.deepEqual([states.map(({ state }) => state), lists], [['stopped', 'stopped'], 2]);
});

test('the steps of a start go from waiting over running to done, with their times', async () => {
  const seen: Session[] = [];
  const world = await sessionWorld({
    between: (engine) =>
      aroundCalls(engine, () => {
        world.time.now += 1;
        seen.push(...world.sessions.list(USER));
      }),
  });
  const session = await world.start();
  assert.deepEqual(
    session.steps.map(({ name, state }) => [name, state]),
    ['networks', 'gateway', 'accounts', 'db', 'workbench', 'files'].map((name) => [name, 'done']),
  );
  assert.ok(session.steps.every(({ milliseconds }) => milliseconds !== null && milliseconds > 0));
  for (const { name } of session.steps) {
    const states = seen.map(({ steps }) => steps.find((step) => step.name === name)?.state);
    const order: Step['state'][] = ['waiting', 'running', 'done'];
    const ranks = states.map((state) => order.indexOf(state ?? 'failed'));
    assert.deepEqual(ranks, [...ranks].sort(), `${name} went back`);
    assert.ok(states.includes('running'), `${name} was never seen running`);
  }
  assert.ok(seen.every(({ state }) => state === 'opening'));
});

test('what is published of a session is what the contract says, in every state', async () => {
  const world = await sessionWorld();
  const published = [await world.sessions.open(USER, LAB.id)];
  published.push(await world.opened(published[0]?.id ?? ''));
  published.push(await world.sessions.stop(USER, published[0]?.id ?? ''));
  assert.deepEqual(
    published.map(({ state }) => state),
    ['opening', 'ready', 'stopped'],
  );
  for (const session of published) assert.deepEqual(Session.parse(session), session);
});

test('an apply while another is under way waits for it, and each replaces what it finds changed', async () => {
  const world = await sessionWorld();
  const session = await world.start();
  await edit(world, session, FILE, 'export const one = 1;\n');
  const first = world.sessions.apply(USER, session.id);
  const second = world.sessions.apply(USER, session.id);
  await Promise.resolve();
  assert.equal(world.sessions.get(USER, session.id).state, 'applying');
  assert.deepEqual([(await first).changed, (await second).changed], [['gateway'], []]);
  assert.deepEqual(await served(world, session, 'gateway', FILE), ['export const one = 1;\n']);
});

test('a stop while an apply is under way comes after it and leaves nothing', async () => {
  const world = await sessionWorld();
  const session = await world.start();
  await edit(world, session, FILE, '// changed\n');
  const applying = world.sessions.apply(USER, session.id);
  const stopped = world.sessions.stop(USER, session.id);
  assert.deepEqual((await applying).changed, ['gateway']);
  assert.equal((await stopped).state, 'stopped');
  await requireNothingLeft(world.memory);
});

test('a workspace the lab does not allow is refused with its place, and nothing is touched', async () => {
  const world = await sessionWorld();
  const session = await world.start();
  const before = await inventory(world, session);
  const compose = LAB.workspace.get('compose.yaml')?.toString('utf8') ?? '';
  const refusals = {
    'a bind': compose.replace('./gateway:/app/src:ro', '/etc:/app/src:ro'),
    'a new network': compose.replace('networks: [public, backend]', 'networks: [public]'),
  };
  for (const [what, text] of Object.entries(refusals)) {
    await edit(world, session, 'compose.yaml', text);
    await assert.rejects(world.sessions.apply(USER, session.id), { name: 'invalid-file' }, what);
    assert.equal(world.sessions.get(USER, session.id).state, 'ready');
  }
  assert.deepEqual(await inventory(world, session), before);
  await edit(world, session, 'compose.yaml', compose);
  assert.deepEqual((await world.sessions.apply(USER, session.id)).changed, []);
});

test('what needs a running lab is refused before it is ready and after it has stopped', async () => {
  const world = await sessionWorld();
  const { id } = await world.sessions.open(USER, LAB.id);
  const { sessions } = world;
  const asked = {
    files: () => sessions.files(USER, id),
    readFile: () => sessions.readFile(USER, id, 'compose.yaml'),
    writeFile: () => sessions.writeFile(USER, id, { path: 'a', content: '', version: null }),
    apply: () => sessions.apply(USER, id),
    check: () => sessions.check(USER, id),
    flag: () => sessions.flag(USER, id, 'forge-token', 'flag{}'),
    terminal: () => sessions.terminal(USER, id, 'workbench'),
  };
  const refusedAll = async (state: string) => {
    for (const [name, ask] of Object.entries(asked)) {
      await assert.rejects(
        ask,
        { name: 'wrong-state', message: `The lab is ${state}, so this cannot be done now.` },
        name,
      );
    }
  };
  await refusedAll('opening');
  await world.opened(id);
  assert.equal((await asked.files()).length, LAB.workspace.size);
  await sessions.stop(USER, id);
  await refusedAll('stopped');
});

test('a session of somebody else is as good as none', async () => {
  const world = await sessionWorld();
  const { id } = await world.start();
  const { sessions } = world;
  for (const ask of [
    async () => sessions.get('eve', id),
    () => sessions.stop('eve', id),
    () => sessions.files('eve', id),
    () => sessions.terminal('eve', id, 'workbench'),
    () => sessions.hint('eve', id, 'forge-token'),
  ]) {
    await assert.rejects(ask, { name: 'no-such-session' });
  }
  assert.deepEqual([sessions.list('eve'), sessions.list(USER).length], [[], 1]);
});

test('an unknown lab is named, and nothing is made', async () => {
  const world = await sessionWorld();
  await assert.rejects(world.sessions.open(USER, 'no-lab'), {
    name: 'no-such-lab',
    message: 'There is no lab "no-lab".',
  });
  await requireNothingLeft(world.memory);
  assert.deepEqual(world.sessions.list(USER), []);
});

test('terminals open in the workbench and in every service, each as its own user, and nowhere else', async () => {
  const world = await sessionWorld();
  const { id } = await world.start();
  const place = async (target: string) => {
    const { user, shell } = await world.sessions.terminal(USER, id, target);
    return [user, ...shell];
  };
  assert.deepEqual(await place('workbench'), ['1000:1000', '/bin/bash', '-l']);
  assert.deepEqual(await place('gateway'), ['10001:10001', '/bin/bash']);
  assert.deepEqual(await place('db'), ['10005:10005', '/bin/bash']);
  await assert.rejects(place('outside-1'), { name: 'bad-request' });
});

test('whoever waits for the end of a session is told once, when it stops', async () => {
  const world = await sessionWorld();
  const { id } = await world.start();
  const told: string[] = [];
  world.sessions.onEnd(id, () => told.push('stays'));
  world.sessions.onEnd(id, () => told.push('left'))();
  await world.sessions.stop(USER, id);
  await world.sessions.stop(USER, id);
  assert.deepEqual(told, ['stays']);
});
