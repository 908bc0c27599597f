import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DrydockError } from '#contract';
import type { Fault } from '../support/with-faults.ts';
import { edit, inventory, served } from './support/deployment.ts';
import { FAULT_KINDS, faultLater } from './support/faults.ts';
import { outage } from './support/outage.ts';
import { requireNothingLeft } from './support/require-nothing-left.ts';
import { LAB, sessionWorld, USER } from './support/session-world.ts';

const FILE = 'gateway/verify.ts';
const OLD = LAB.workspace.get(FILE)?.toString('utf8') ?? '';
const NEW = `${OLD}// changed\n`;

/** An open lab whose gateway has a change not yet applied, on an engine about to go wrong. */
async function changedLab(kind: Fault['kind'], at: number) {
  const plan = faultLater(kind, at);
  const world = await sessionWorld({ between: plan.between });
  const session = await world.start();
  const before = await inventory(world, session);
  await edit(world, session, FILE, NEW);
  plan.arm();
  return { plan, world, session, before, apply: () => world.sessions.apply(USER, session.id) };
}

async function callsOfAnApply(): Promise<number> {
  const { plan, apply } = await changedLab('fail', 0);
  assert.deepEqual((await apply()).changed, ['gateway']);
  return plan.calls().length;
}

/** Throws unless the old version serves as before, or the error says that the service may not run. */
function requireOldOrTold(serving: readonly string[], error: DrydockError): void {
  if (serving.length === 1 && serving[0] === OLD) return;
  assert.match(error.message, /gateway was being replaced and may not be running/);
}

const CALLS = await callsOfAnApply();

for (const kind of FAULT_KINDS) {
  test(`L2 whichever of the ${CALLS} engine calls of an apply is made to ${kind}: the old version serves or the error says what is the case`, async () => {
    await Promise.all(
      Array.from({ length: CALLS }, async (_, index) => {
        const { plan, world, session, before, apply } = await changedLab(kind, index + 1);
        const error = await apply().then(
          () => null,
          (thrown: unknown) => thrown,
        );
        assert.ok(plan.struck());
        const where = `after call ${index + 1}, ${plan.calls()[index]}`;
        assert.equal(world.sessions.get(USER, session.id).state, 'ready', where);
        if (error) {
          assert.ok(error instanceof DrydockError);
          assert.match(error.message, new RegExp(`^Call ${index + 1} .* was made to ${kind}`));
          requireOldOrTold(await served(world, session, 'gateway', FILE), error);
        } else assert.deepEqual(await served(world, session, 'gateway', FILE), [NEW], where);

        await edit(world, session, FILE, OLD);
        await apply();
        assert.deepEqual(await served(world, session, 'gateway', FILE), [OLD], `${where}, taken back`);
        await edit(world, session, FILE, NEW);
        await apply();
        assert.deepEqual(await served(world, session, 'gateway', FILE), [NEW], `${where}, applied again`);
        assert.deepEqual(await inventory(world, session), before, `${where}, pieces of failed deployments stay`);
        await world.sessions.stop(USER, session.id);
        await requireNothingLeft(world.memory);
      }),
    );
  });
}

test('L2 whenever the engine goes away during an apply, the next apply after its return brings the service up', async () => {
  await Promise.all(
    Array.from({ length: CALLS }, async (_, answers) => {
      const engine = outage();
      const world = await sessionWorld({ between: engine.between });
      const session = await world.start();
      const before = await inventory(world, session);
      await edit(world, session, FILE, NEW);
      engine.downAfter(answers);
      const error = await world.sessions.apply(USER, session.id).catch((thrown: DrydockError) => thrown);
      if (error instanceof DrydockError) requireOldOrTold(await served(world, session, 'gateway', FILE), error);
      engine.up();
      await edit(world, session, FILE, OLD);
      await world.sessions.apply(USER, session.id);
      assert.deepEqual(await served(world, session, 'gateway', FILE), [OLD], `after ${answers} calls`);
      // With nothing to replace, pieces of the failed deployment wait for the next replacement.
      await edit(world, session, FILE, NEW);
      await world.sessions.apply(USER, session.id);
      assert.deepEqual(await inventory(world, session), before, `after ${answers} calls, pieces stay`);
    }),
  );
});

test('L2 control: an old version gone without a word about it is found', () => {
  const silent = new DrydockError('engine-unavailable', 'Call 8 (startContainer) was made to fail.');
  requireOldOrTold([OLD], silent);
  assert.throws(() => requireOldOrTold([], silent), /may not be running/);
});

test('a broken change applied again and again leaves no more behind than one deployment', async () => {
  let ready = true;
  const world = await sessionWorld({ programs: { '/opt/drydock/ready': async () => (ready ? 0 : 1) } });
  const session = await world.start();
  const before = await inventory(world, session);
  ready = false;
  for (const attempt of [1, 2, 3]) {
    await edit(world, session, FILE, `${OLD}// attempt ${attempt}\n`);
    await assert.rejects(world.sessions.apply(USER, session.id), { name: 'service-not-ready' });
    assert.deepEqual(await inventory(world, session), before);
  }
  ready = true;
  assert.deepEqual((await world.sessions.apply(USER, session.id)).changed, ['gateway']);
  assert.deepEqual((await world.sessions.apply(USER, session.id)).changed, []);
});
