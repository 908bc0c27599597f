import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GRACE_SECONDS } from '../../runner/session/reap.ts';
import { FAULT_KINDS, faultLater } from './support/faults.ts';
import { outage } from './support/outage.ts';
import { requireNothingLeft } from './support/require-nothing-left.ts';
import { sessionWorld, USER } from './support/session-world.ts';

async function callsOfAStop(): Promise<number> {
  const plan = faultLater('fail', 0);
  const world = await sessionWorld({ between: plan.between });
  const { id } = await world.start();
  plan.arm();
  await world.sessions.stop(USER, id);
  return plan.calls().length;
}

const CALLS = await callsOfAStop();
const numbers = Array.from({ length: CALLS }, (_, index) => index + 1);

for (const kind of FAULT_KINDS) {
  test(`L2 whichever of the ${CALLS} engine calls of a stop is made to ${kind}, it is tried again and nothing stays`, async () => {
    await Promise.all(
      numbers.map(async (at) => {
        const plan = faultLater(kind, at);
        const world = await sessionWorld({ between: plan.between });
        const { id } = await world.start();
        plan.arm();
        assert.equal((await world.sessions.stop(USER, id)).state, 'stopped');
        assert.ok(plan.struck());
        await requireNothingLeft(world.memory);
        assert.equal((await world.start()).state, 'ready');
      }),
    );
  });
}

test('L2 whenever the engine goes away during a stop, the stop says so and what stayed is reaped once it is back', async () => {
  await Promise.all(
    numbers.map(async (at) => {
      const engine = outage();
      const world = await sessionWorld({ between: engine.between });
      const { id } = await world.start();
      engine.downAfter(at - 1);
      await assert.rejects(world.sessions.stop(USER, id), { name: 'engine-unavailable' }, `from call ${at}`);
      const { state, problem } = world.sessions.get(USER, id);
      assert.deepEqual([state, problem?.name], ['failed', 'engine-unavailable']);
      engine.up();
      world.time.now += (GRACE_SECONDS + 1) * 1000;
      await world.sessions.reap();
      await requireNothingLeft(world.memory);
    }),
  );
});

test('L2 control: while it is away nothing is removed, so the reaping is what does it', async () => {
  const engine = outage();
  const world = await sessionWorld({ between: engine.between });
  const { id } = await world.start();
  engine.down();
  await assert.rejects(world.sessions.stop(USER, id));
  await assert.rejects(requireNothingLeft(world.memory), /left on the engine/);
});

test('a stop that failed can be asked for again', async () => {
  const engine = outage();
  const world = await sessionWorld({ between: engine.between });
  const { id } = await world.start();
  engine.down();
  await assert.rejects(world.sessions.stop(USER, id));
  engine.up();
  assert.equal((await world.sessions.stop(USER, id)).state, 'stopped');
  await requireNothingLeft(world.memory);
});
