import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verdict } from '#contract';
import { flagInside } from './support/deployment.ts';
import { LAB, sessionWorld, USER } from './support/session-world.ts';

const BREAK = 'forge-token';
const FIX = 'verify-signature';

const verdict = (task: string, kind: Verdict['verdict']): Verdict => ({
  task,
  verdict: kind,
  message: { id: 'told', params: {}, text: 'Told.' },
  evidence: [],
  replay: '',
  probes: [],
});

/** A world whose check gives the verdicts of `given` and remembers what it was asked. */
async function checkedWorld(given: Record<string, Verdict['verdict']>) {
  const asked: (readonly string[])[] = [];
  const world = await sessionWorld({
    check: async (_target, _lab, tasks) => {
      asked.push(tasks);
      return tasks.map((task) => verdict(task, given[task] ?? 'not-yet'));
    },
  });
  return { world, asked, given };
}

const states = (verdicts: readonly Verdict[]) => verdicts.map((one) => [one.task, one.verdict, one.message.id]);

test('only the flag of this very launch is accepted, and the task is then passed', async () => {
  const world = await sessionWorld();
  const other = await sessionWorld();
  const session = await world.start();
  const flag = await flagInside(world, session);
  const foreign = await flagInside(other, await other.start());
  assert.match(flag, /^flag\{[0-9a-f]{32}\}$/);
  for (const wrong of ['flag{}', foreign, flag.slice(0, -2), flag.toUpperCase()]) {
    assert.equal((await world.sessions.flag(USER, session.id, BREAK, wrong)).accepted, false, wrong);
  }
  const progress = () => world.sessions.get(USER, session.id).tasks.map(({ task, state }) => [task, state]);
  assert.deepEqual(progress(), [
    [BREAK, 'open'],
    [FIX, 'open'],
  ]);
  assert.equal((await world.sessions.flag(USER, session.id, BREAK, ` ${flag}\n`)).accepted, true);
  assert.deepEqual(progress(), [
    [BREAK, 'passed'],
    [FIX, 'open'],
  ]);
});

test('a flag for a task that has none, or for no task at all, is refused by name', async () => {
  const world = await sessionWorld();
  const { id } = await world.start();
  for (const task of [FIX, 'nothing', 'constructor']) {
    await assert.rejects(world.sessions.flag(USER, id, task, 'flag{}'), { name: 'no-such-task' });
  }
});

test('hints come one by one, in order, and stay shown when they are used up', async () => {
  const world = await sessionWorld();
  const { id } = await world.start();
  const hints = LAB.scenario.tasks[BREAK]?.hints ?? [];
  assert.equal(hints.length, 3);
  for (const [count, left] of [
    [1, 2],
    [2, 1],
    [3, 0],
    [3, 0],
  ]) {
    assert.deepEqual(await world.sessions.hint(USER, id, BREAK), { task: BREAK, shown: hints.slice(0, count), left });
  }
  assert.equal((await world.sessions.hint(USER, id, FIX)).shown.length, 1, 'each task counts for itself');
});

test('a hint or a check for an unknown task is refused by name, and nothing is checked', async () => {
  const { world, asked } = await checkedWorld({});
  const { id } = await world.start();
  for (const task of ['nothing', 'constructor', '__proto__']) {
    await assert.rejects(world.sessions.hint(USER, id, task), { name: 'no-such-task' });
    await assert.rejects(world.sessions.check(USER, id, task), { name: 'no-such-task' }, task);
  }
  assert.deepEqual(asked, []);
});

test('a check of everything says whether the flag is in, and runs the probes of the fixes', async () => {
  const { world, asked } = await checkedWorld({ [FIX]: 'passed' });
  const session = await world.start();
  assert.deepEqual(states((await world.sessions.check(USER, session.id)).verdicts), [
    [BREAK, 'not-yet', 'flag-missing'],
    [FIX, 'passed', 'told'],
  ]);
  await world.sessions.flag(USER, session.id, BREAK, await flagInside(world, session));
  assert.deepEqual(states((await world.sessions.check(USER, session.id, BREAK)).verdicts), [
    [BREAK, 'passed', 'flag-in'],
    [FIX, 'passed', 'told'],
  ]);
  assert.deepEqual(asked, [[FIX], [FIX]]);
});

test('a fix that was passed is asked again with every check, and can turn red', async () => {
  const { world, given } = await checkedWorld({ [FIX]: 'passed' });
  const { id } = await world.start();
  await world.sessions.check(USER, id, FIX);
  assert.equal(world.sessions.get(USER, id).tasks[1]?.state, 'passed');
  given[FIX] = 'not-yet';
  await world.sessions.check(USER, id, BREAK);
  assert.equal(world.sessions.get(USER, id).tasks[1]?.state, 'open');
});

test('a check that itself fails is told and changes no verdict', async () => {
  let broken = false;
  const world = await sessionWorld({
    check: async (_target, _lab, tasks) => {
      if (broken) throw new Error('no checker');
      return tasks.map((task) => verdict(task, 'passed'));
    },
  });
  const { id } = await world.start();
  await world.sessions.check(USER, id);
  broken = true;
  await assert.rejects(world.sessions.check(USER, id), /no checker/);
  assert.equal(world.sessions.get(USER, id).tasks[1]?.state, 'passed');
  broken = false;
  assert.equal((await world.sessions.check(USER, id)).verdicts.length, 2, 'and the next one runs');
});
