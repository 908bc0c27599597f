import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Program } from '../../runner/engine/memory/program.ts';
import { encodeFrame } from '../../runner/pipe/agent/frames.ts';
import { LAB, sessionWorld, USER } from './support/session-world.ts';

const LARGE = { path: 'large.txt', content: 'x'.repeat(300_000), version: null };

/** An agent that says hello and then reads nothing, as one that a learner stopped; `end` ends it. */
function stoppedAgent() {
  const ended = Promise.withResolvers<number>();
  const agent: Program = async (io) => {
    await io.write(encodeFrame({ type: 'hello', root: '/' }));
    return ended.promise;
  };
  return { programs: { '/usr/local/bin/node': agent }, end: () => ended.resolve(0) };
}

test('L5 an agent that stopped reading fails what is asked of it at the deadline, and nothing else', async (t) => {
  const { programs } = stoppedAgent();
  const world = await sessionWorld({ programs });
  const { id } = await world.start();
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const writing = assert.rejects(world.sessions.writeFile(USER, id, LARGE), {
    name: 'workbench-lost',
    message: 'The workbench did not answer within 15 s.',
  });
  await setImmediate();
  t.mock.timers.tick(15_000);
  await writing;
  assert.equal(world.sessions.get(USER, id).state, 'ready');
});

test('an agent that ends while something large is on its way to it fails that, and nothing else', async () => {
  const { programs, end } = stoppedAgent();
  const world = await sessionWorld({ programs });
  const { id } = await world.start();
  const writing = assert.rejects(world.sessions.writeFile(USER, id, LARGE), { name: 'workbench-lost' });
  await setImmediate();
  end();
  await writing;
  await assert.rejects(world.sessions.files(USER, id));
  await world.sessions.stop(USER, id);
  assert.equal((await world.sessions.open(USER, LAB.id)).state, 'opening');
});
