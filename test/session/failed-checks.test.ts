import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verdict } from '#contract';
import type { CheckerInput } from '../../runner/check/protocol.ts';
import { runCheck } from '../../runner/check/run-check.ts';
import { LABEL } from '../../runner/core/labels/labels.ts';
import type { Engine } from '../../runner/core/ports/engine.ts';
import type { Program } from '../../runner/engine/memory/program.ts';
import type { Fault } from '../support/with-faults.ts';
import { FAULT_KINDS, faultLater } from './support/faults.ts';
import { requireNothingLeft } from './support/require-nothing-left.ts';
import { LAB, type SessionWorld, sessionWorld, USER } from './support/session-world.ts';
import { workbenchAgent } from './support/workbench-agent.ts';

const FIX = 'verify-signature';

/** A checker that finds every attack closed and every use working: what it says could only ever pass. */
const satisfied: Program = async (io) => {
  let text = '';
  for await (const bytes of io.input) text += Buffer.from(bytes).toString('utf8');
  const { nonce, run } = JSON.parse(text) as CheckerInput;
  const kinds = await kindsOfProbes();
  const results = run.map(({ probe }) => ({
    task: FIX,
    probe,
    kind: kinds.get(probe),
    finding: kinds.get(probe) === 'attack' ? 'closed' : 'open',
    message: { id: 'found', params: {}, text: 'Found.' },
    evidence: [],
    replay: '',
    milliseconds: 1,
  }));
  await io.write(Buffer.from(`${JSON.stringify({ nonce, results, broken: [] })}\n`));
  return 0;
};

async function kindsOfProbes() {
  const { default: probes } = (await import(`../../scenarios/${LAB.id}/probes/${FIX}.ts`)) as {
    default: { id: string; kind: 'attack' | 'benign' }[];
  };
  return new Map(probes.map(({ id, kind }) => [id, kind]));
}

const agent = workbenchAgent(LAB.workspace).programs['/usr/local/bin/node'];
const node: Program = (io) => (io.argv[1]?.includes('/checker/') ? satisfied(io) : agent(io));

/** An open lab with the runner's own checks, on an engine about to go wrong. */
async function labToCheck(kind: Fault['kind'], at: number) {
  const plan = faultLater(kind, at);
  let engine: Engine | null = null;
  let drawn = 0;
  const world: SessionWorld = await sessionWorld({
    programs: { '/usr/local/bin/node': node },
    between: (inner) => {
      engine = plan.between(inner);
      return engine;
    },
    async check(target, _lab, tasks) {
      if (!engine) throw new Error('no engine');
      const random = (bytes: number) => String(++drawn).padStart(2 * bytes, '0');
      const deps = { engine, image: (name: string) => name, sandbox: { ipv6: false, appArmor: false }, random };
      return runCheck(deps, target, LAB, tasks);
    },
  });
  const session = await world.start();
  const before = await world.memory.list({});
  const check = async () => (await world.sessions.check(USER, session.id, FIX)).verdicts;
  return { plan, world, session, before, check };
}

async function callsOfACheck(): Promise<number> {
  const { plan, check } = await labToCheck('fail', 0);
  plan.arm();
  assert.equal((await check())[0]?.verdict, 'passed');
  return plan.calls().length;
}

/** Throws unless it says that the check itself failed, at what. */
function requireBroken([verdict]: readonly Verdict[], kind: Fault['kind']): void {
  assert.equal(verdict?.verdict, 'broken');
  assert.match(verdict.message.text, new RegExp(`was made to ${kind}.*says nothing about your fix`));
}

const CALLS = await callsOfACheck();

for (const kind of FAULT_KINDS) {
  test(`C4 whichever of the ${CALLS} engine calls of a check is made to ${kind}: it is broken and says so, nothing stays, the next check works`, async () => {
    await Promise.all(
      Array.from({ length: CALLS }, async (_, index) => {
        const { plan, world, session, before, check } = await labToCheck(kind, index + 1);
        plan.arm();
        requireBroken(await check(), kind);
        assert.ok(plan.struck());
        assert.equal(world.sessions.get(USER, session.id).tasks.find(({ task }) => task === FIX)?.state, 'open');
        await world.sessions.sweep();
        const where = `after call ${index + 1}, ${plan.calls()[index]}`;
        assert.deepEqual(await world.memory.list({}), before, where);
        assert.equal((await check())[0]?.verdict, 'passed', where);
        assert.deepEqual(await world.memory.list({}), before, `${where}, checked again`);
        await world.sessions.stop(USER, session.id);
        await requireNothingLeft(world.memory);
      }),
    );
  });
}

test('C4 control: a check that passes is no broken one, and a checker that stays is found', async () => {
  const { world, session, before, check } = await labToCheck('fail', 0);
  const passed = await check();
  assert.throws(() => requireBroken(passed, 'fail'));
  const { containers } = await world.memory.list({ [LABEL.session]: session.id, [LABEL.role]: 'holder' });
  const [holder] = containers;
  const state = await world.memory.inspectContainer(holder?.id ?? '');
  assert.ok(state);
  await world.memory.createVolume({ name: 'left', labels: state.labels });
  assert.notDeepEqual(await world.memory.list({}), before);
});

test('what looks after sessions leaves the checker of a check under way alone', async () => {
  const begun = Promise.withResolvers<void>();
  const going = Promise.withResolvers<void>();
  const slow: Program = async (io) => {
    if (!io.argv[1]?.includes('/checker/')) return agent(io);
    begun.resolve();
    await going.promise;
    return satisfied(io);
  };
  let engine: Engine | null = null;
  const world = await sessionWorld({
    programs: { '/usr/local/bin/node': slow },
    between: (inner) => {
      engine = inner;
      return inner;
    },
    async check(target, _lab, tasks) {
      if (!engine) throw new Error('no engine');
      const deps = { engine, image: (name: string) => name, sandbox: { ipv6: false, appArmor: false } };
      return runCheck({ ...deps, random: (bytes) => 'ab'.repeat(bytes) }, target, LAB, tasks);
    },
  });
  const { id } = await world.start();
  const checking = world.sessions.check(USER, id, FIX);
  await begun.promise;
  await world.sessions.sweep();
  going.resolve();
  assert.equal((await checking).verdicts[0]?.verdict, 'passed');
});
