import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { RESERVE } from '../../runner/core/session/capacity.ts';
import { aroundCalls } from '../support/around-calls.ts';
import { requireNothingLeft } from './support/require-nothing-left.ts';
import { LAB, sessionWorld, USER } from './support/session-world.ts';

const MIB = 2 ** 20;
/** The lab has three services, and nothing was measured yet. */
const GUESSED = 4 * 64 * MIB;
const roomFor = (launches: number) => ({ total: RESERVE + launches * GUESSED, available: 2 ** 40 });

test('P2 a lab the machine has no room for is refused before anything is made, and opens once there is', async () => {
  let room = roomFor(1);
  const world = await sessionWorld({ launches: 2, room: () => room });
  await world.start('anna');
  const before = await world.memory.list({});
  await assert.rejects(world.sessions.open('bert', LAB.id), { name: 'no-capacity', retryAfter: 60 });
  assert.deepEqual(await world.memory.list({}), before);
  room = roomFor(2);
  assert.equal((await world.start('bert')).state, 'ready');
});

test('P2 two who ask at once for the last room do not both get it', async () => {
  const world = await sessionWorld({ launches: 2, room: () => roomFor(1) });
  const asked = await Promise.allSettled([world.sessions.open('anna', LAB.id), world.sessions.open('bert', LAB.id)]);
  assert.deepEqual(asked.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
});

test('a session there already is never refused: it is only shown again', async () => {
  let room = roomFor(1);
  const world = await sessionWorld({ room: () => room });
  const { id } = await world.start();
  room = roomFor(0);
  assert.equal((await world.sessions.open(USER, LAB.id)).id, id);
});

test('what a stopped lab needed is free again', async () => {
  const world = await sessionWorld({ launches: 2, room: () => roomFor(1) });
  const { id } = await world.start('anna');
  await world.sessions.stop('anna', id);
  assert.equal((await world.start('bert')).state, 'ready');
});

test('a measured working set counts instead of the guess', async () => {
  // In memory each container that runs needs 1 MiB, so after one look many more fit.
  const world = await sessionWorld({ launches: 2, room: () => roomFor(1.5) });
  await world.start('anna');
  await assert.rejects(world.sessions.open('bert', LAB.id), { name: 'no-capacity' });
  await world.sessions.sweep();
  assert.equal((await world.start('bert')).state, 'ready');
});

/** A world for two labs that counts how many networks are being made at the same time. */
async function countedWorld(startsAtOnce: number) {
  const count = { making: 0, most: 0 };
  const world = await sessionWorld({
    launches: 2,
    startsAtOnce,
    between: (engine) =>
      aroundCalls(engine, async (call) => {
        if (call !== 'createNetwork') return;
        count.most = Math.max(count.most, ++count.making);
        await pause(5);
        count.making--;
      }),
  });
  return { world, count };
}

test('P1 labs start in turn, and each says how many come first', async () => {
  const { world, count } = await countedWorld(1);
  const [first, second] = await Promise.all([world.sessions.open('anna', LAB.id), world.sessions.open('bert', LAB.id)]);
  await pause(1);
  assert.deepEqual([world.sessions.get('anna', first.id).ahead, world.sessions.get('bert', second.id).ahead], [0, 1]);
  assert.equal((await world.opened(first.id, 'anna')).state, 'ready');
  assert.equal((await world.opened(second.id, 'bert')).state, 'ready');
  // The lab's two networks are made side by side, those of two labs are not.
  assert.equal(count.most, 2);
  await world.sessions.stopAll();
  await requireNothingLeft(world.memory);
});

test('control: two at once make the networks of both labs side by side', async () => {
  const { world, count } = await countedWorld(2);
  await Promise.all([world.start('anna'), world.start('bert')]);
  assert.equal(count.most, 4);
});
