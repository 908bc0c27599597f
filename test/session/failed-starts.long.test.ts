import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { ContainerSpec, Engine } from '../../runner/core/ports/engine.ts';
import { refused } from '../../runner/engine/refused.ts';
import { GRACE_SECONDS } from '../../runner/session/reap.ts';
import { aroundCalls } from '../support/around-calls.ts';
import { FAULT_KINDS, faultLater } from './support/faults.ts';
import { outage } from './support/outage.ts';
import { requireNothingLeft } from './support/require-nothing-left.ts';
import { sessionWorld, USER, type WorldOptions } from './support/session-world.ts';

const numbersTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

async function callsOfAStart(): Promise<number> {
  const plan = faultLater('fail', 0);
  const world = await sessionWorld({ between: plan.between });
  plan.arm();
  assert.equal((await world.start()).state, 'ready');
  return plan.calls().length;
}

/** Starts the lab on an engine where the start fails and requires that nothing of it stays. */
async function failedStart(options: WorldOptions) {
  const world = await sessionWorld(options);
  const { state, problem, steps } = await world.start();
  assert.equal(state, 'failed');
  await requireNothingLeft(world.memory);
  return { world, problem, steps };
}

const CALLS = await callsOfAStart();

for (const kind of FAULT_KINDS) {
  test(`L2 whichever of the ${CALLS} engine calls of a start is made to ${kind}: the learner sees why, nothing stays, the next start works`, async () => {
    await Promise.all(
      numbersTo(CALLS).map(async (at) => {
        const plan = faultLater(kind, at);
        const arming = (engine: Engine) => {
          const faulty = plan.between(engine);
          plan.arm();
          return faulty;
        };
        const { world, problem, steps } = await failedStart({ between: arming });
        assert.equal(problem?.name, 'engine-unavailable');
        assert.match(problem.message, new RegExp(`^Call ${at} .* was made to ${kind}\\.$`));
        assert.ok(steps.some((step) => step.state === 'failed') && !steps.some((step) => step.state === 'running'));
        // The pool has two networks, so this also shows that both were given back.
        const next = await world.start();
        assert.deepEqual([next.state, next.problem], ['ready', null], `after call ${at}`);
        await world.sessions.stopAll();
        await requireNothingLeft(world.memory);
      }),
    );
  });
}

for (const removal of ['removeContainer', 'removeNetwork', 'removeVolume'] as const) {
  test(`L2 control: without ${removal} the same assertion finds what stayed`, async () => {
    const plan = faultLater('fail', CALLS);
    const between = (engine: Engine) => {
      const faulty = plan.between({ ...engine, [removal]: async () => undefined });
      plan.arm();
      return faulty;
    };
    await assert.rejects(failedStart({ between }), /left on the engine/);
  });
}

test('L2 a holder that comes up after its service has failed does not outlive the clean-up', async () => {
  const slowHolder = (engine: Engine) =>
    aroundCalls(engine, async (call, first) => {
      const name = (first as ContainerSpec | undefined)?.name ?? '';
      if (call !== 'createContainer') return;
      if (name.endsWith('-at-gateway')) await pause(200);
      if (!name.endsWith('-gateway-1-filer')) return;
      await pause(50);
      throw refused(`create ${name}`, 'disk full');
    });
  const { world, problem } = await failedStart({ between: slowHolder });
  assert.match(problem?.message ?? '', /disk full/);
  await pause(300);
  await requireNothingLeft(world.memory);
});

test('L2 a service that does not come up is named, with its last lines', async () => {
  const { problem } = await failedStart({
    programs: {
      '/opt/drydock/ready': async (io) => {
        await io.write(Buffer.from('connection refused'));
        return 1;
      },
    },
  });
  assert.equal(problem?.name, 'service-not-ready');
  assert.match(problem.message, /did not answer within 20 s \(connection refused\)\. It printed nothing\.$/);
});

test('L2 when the clean-up fails as well, the learner still sees the first cause, and the rest is reaped', async () => {
  const engine = outage();
  const world = await sessionWorld({
    between: engine.between,
    programs: {
      '/opt/drydock/ready': async () => {
        engine.down();
        return 1;
      },
    },
  });
  const { state, problem } = await world.start();
  assert.deepEqual([state, problem?.name], ['failed', 'service-not-ready']);
  assert.notEqual((await world.memory.list({})).containers.length, 0);
  engine.up();
  assert.deepEqual(await world.sessions.reap(), [], 'younger than the grace');
  world.time.now += (GRACE_SECONDS + 1) * 1000;
  assert.equal((await world.sessions.reap()).length, 1);
  await requireNothingLeft(world.memory);
});

test('L2 whenever the engine goes away for good during a start, all of it is reaped once it is back', async () => {
  await Promise.all(
    numbersTo(CALLS).map(async (at) => {
      const engine = outage(at - 1);
      const world = await sessionWorld({ between: engine.between });
      const { state, problem } = await world.start();
      assert.deepEqual([state, problem?.name], ['failed', 'engine-unavailable'], `from call ${at}`);
      engine.up();
      world.time.now += (GRACE_SECONDS + 1) * 1000;
      await world.sessions.reap();
      await requireNothingLeft(world.memory);
    }),
  );
});

test('N7 a start without a free network says so and leaves nothing; a stop gives the networks back', async () => {
  const world = await sessionWorld();
  const anna = await world.start();
  const before = await world.memory.list({});
  const ben = await world.start('ben');
  assert.deepEqual([ben.state, ben.problem?.name], ['failed', 'no-capacity']);
  assert.deepEqual(await world.memory.list({}), before);
  await world.sessions.stop(USER, anna.id);
  assert.equal((await world.start('ben')).state, 'ready');
});
