import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Verdict } from '#contract';
import type { Engine } from '../../runner/core/ports/engine.ts';
import { LOCAL_LIFETIME } from '../../runner/core/session/lifetime.ts';
import type { Program } from '../../runner/engine/memory/program.ts';
import { aroundCalls } from '../support/around-calls.ts';
import { temporaryStore } from '../support/temporary-store.ts';
import { edit } from './support/deployment.ts';
import {
  EASY,
  earnAll,
  FILE,
  lookAfter,
  nextRunner,
  requireEarned,
  requireOnlyHeld,
  SHIPPED,
} from './support/lifetimes.ts';
import { requireNothingLeft } from './support/require-nothing-left.ts';
import { LAB, type SessionWorld, sessionWorld, USER } from './support/session-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WRITTEN = `${SHIPPED}// written\n`;
/** As for a course with a limit. */
const LIMITED = { idle: 30 * MINUTE, limit: HOUR, renewals: 1, warning: 5 * MINUTE };

/** Lets time pass, with someone typing all the while or nobody, and the sessions looked after every minute. */
async function pass(world: SessionWorld, id: string, minutes: number, typing: boolean): Promise<void> {
  const { sessions, time } = world;
  const typed = typing ? (await sessions.terminal(USER, id, 'workbench')).typed : () => {};
  for (let minute = 0; minute < minutes; minute++) {
    time.now += MINUTE;
    typed();
    await sessions.sweep();
  }
}

const stateOf = ({ sessions }: SessionWorld, id: string) => {
  const { state, problem } = sessions.get(USER, id);
  return [state, problem?.name ?? null];
};

test('L14 whoever types stays, and is warned five minutes before the limit; extending is as often as may be', async () => {
  const world = await sessionWorld({ ...EASY, lifetime: LIMITED });
  const { id, expiresAt } = await world.start();
  const { sessions } = world;
  const opened = world.time.now;
  assert.equal(Date.parse(expiresAt ?? ''), opened + HOUR);
  await pass(world, id, 54, true);
  assert.equal(sessions.get(USER, id).stopsAt, null, 'six minutes before');
  await pass(world, id, 1, true);
  assert.equal(Date.parse(sessions.get(USER, id).stopsAt ?? ''), opened + HOUR, 'five minutes before');
  const extended = await sessions.extend(USER, id);
  assert.equal(Date.parse(extended.expiresAt ?? ''), opened + 2 * HOUR);
  assert.equal(extended.stopsAt, null);
  await assert.rejects(sessions.extend(USER, id), { name: 'no-more-time' });
  await pass(world, id, 64, true);
  assert.deepEqual(stateOf(world, id), ['ready', null], 'a minute before the end');
  await pass(world, id, 1, true);
  assert.deepEqual(stateOf(world, id), ['stopped', 'stopped-expired']);
  await requireNothingLeft(world.memory);
});

test('L14 what expires is stopped with its work kept, and opens again with it and a full life', async () => {
  const world = await sessionWorld({ ...EASY, lifetime: LIMITED });
  const session = await world.start();
  await earnAll(world, session);
  await edit(world, session, FILE, WRITTEN);
  await pass(world, session.id, 60, true);
  assert.deepEqual(stateOf(world, session.id), ['stopped', 'stopped-expired']);
  await requireNothingLeft(world.memory);
  const again = await world.start();
  assert.equal(Date.parse(again.expiresAt ?? ''), world.time.now + HOUR);
  assert.equal((await world.sessions.readFile(USER, session.id, FILE)).content, WRITTEN);
  await requireEarned(world, session);
  await world.sessions.extend(USER, session.id);
});

for (const [why, lifetime, minutes] of [
  ['stopped-idle', LOCAL_LIFETIME, 30],
  ['stopped-expired', LIMITED, 60],
] as const) {
  test(`L14 L1 a stop cut short by the end of the runner is finished by the next as what it was: ${why}`, async () => {
    const store = await temporaryStore();
    let dead = false;
    const between = (engine: Engine) =>
      aroundCalls(engine, (call) => (dead && call === 'removeContainer' ? new Promise<void>(() => {}) : undefined));
    const world = await sessionWorld({ ...EASY, lifetime, between, store });
    const { id } = await world.start();
    await pass(world, id, minutes - 1, minutes === 60);
    dead = true;
    void pass(world, id, 1, minutes === 60);
    while (!(await store.sessions()).some(({ state }) => state === 'stopping')) await pause(5);
    const next = await nextRunner(world, store, { lifetime });
    assert.deepEqual(stateOf(next, id), ['stopped', why]);
    await requireNothingLeft(next.memory);
  });
}

test('L14 an idle lab is warned of and stopped after half an hour: printing and looking are not doing', async () => {
  const chatter: Program = async (io) => {
    while (!io.signal.aborted) {
      await io.write(Buffer.from('tick\n'));
      await pause(1);
    }
    return 0;
  };
  const programs = { ...EASY.programs, '/bin/chatter': chatter };
  const world = await sessionWorld({ ...EASY, programs, lifetime: { ...LIMITED, limit: null } });
  const session = await world.start();
  const { sessions } = world;
  const { container, engine } = await sessions.terminal(USER, session.id, 'workbench');
  // It prints all the time, in a terminal that is open all the time.
  const printing = await engine.exec(container, { argv: ['/bin/chatter'], user: '1000' });
  let printed = 0;
  const reading = (async () => {
    for await (const { bytes } of printing.output) printed += bytes.length;
  })();
  for (let minute = 0; minute < 29; minute++) {
    await pass(world, session.id, 1, false);
    sessions.list(USER);
    await sessions.files(USER, session.id);
    await sessions.readFile(USER, session.id, FILE);
  }
  assert.deepEqual(stateOf(world, session.id), ['ready', null]);
  assert.equal(Date.parse(sessions.get(USER, session.id).stopsAt ?? ''), world.time.now + MINUTE);
  assert.ok(printed > 0);
  await pass(world, session.id, 1, false);
  assert.deepEqual(stateOf(world, session.id), ['stopped', 'stopped-idle']);
  printing.close();
  await reading.catch(() => undefined);
});

test('L14 control: the same half hour with someone typing ends nothing', async () => {
  const world = await sessionWorld({ ...EASY, lifetime: { ...LIMITED, limit: null } });
  const { id } = await world.start();
  await pass(world, id, 40, true);
  assert.deepEqual(stateOf(world, id), ['ready', null]);
});

test('L14 a check under way is not cut by the end of the time; the lab stops once it has ended', async () => {
  const going = Promise.withResolvers<void>();
  const check = async (...words: Parameters<NonNullable<typeof EASY.check>>): Promise<Verdict[]> => {
    await going.promise;
    return EASY.check?.(...words) ?? [];
  };
  const world = await sessionWorld({ ...EASY, check, lifetime: LIMITED });
  const { id } = await world.start();
  await pass(world, id, 59, true);
  const checking = world.sessions.check(USER, id);
  await pass(world, id, 40, false);
  assert.equal(world.sessions.get(USER, id).state, 'ready');
  going.resolve();
  assert.equal((await checking).verdicts.at(-1)?.verdict, 'passed');
  await world.sessions.sweep();
  assert.deepEqual(stateOf(world, id), ['stopped', 'stopped-expired']);
});

for (const days of [1, -1]) {
  test(`L11 the wall clock jumps by ${days} day: nothing expires, nothing held is reaped, warnings and limits stay right`, async () => {
    const world = await sessionWorld({ ...EASY, lifetime: LIMITED });
    const [anna, ben] = [await world.start(), await world.start('ben')];
    await pass(world, anna.id, 10, true);
    await world.sessions.hint('ben', ben.id, 'forge-token');
    world.time.forward = days * DAY;
    await lookAfter(world);
    assert.deepEqual(world.sessions.states(), ['ready', 'ready']);
    await requireOnlyHeld(world);
    await pass(world, anna.id, 44, true);
    assert.equal(
      Date.parse(world.sessions.get(USER, anna.id).stopsAt ?? ''),
      world.time.now + world.time.forward + 5 * MINUTE - 1000,
    );
    await pass(world, anna.id, 5, true);
    assert.deepEqual(stateOf(world, anna.id), ['stopped', 'stopped-expired'], 'after an hour, as ever');
  });

  test(`L11 the wall clock jumps by ${days} day while no runner is there: sessions are taken up, warned in time, and limited`, async () => {
    const store = await temporaryStore();
    const first = await sessionWorld({ ...EASY, store, lifetime: LIMITED });
    const { id } = await first.start();
    await first.sessions.drain();
    first.time.forward = days * DAY;
    const next = await nextRunner(first, store, { lifetime: LIMITED });
    await lookAfter(next);
    assert.deepEqual(next.sessions.states(), ['ready']);
    await requireOnlyHeld(next);
    await pass(next, id, 3, true);
    assert.equal(next.sessions.get(USER, id).state, 'ready', 'there is time for the warning');
    await pass(next, id, 58, true);
    assert.deepEqual(stateOf(next, id), ['stopped', 'stopped-expired'], 'no longer than the limit');
  });
}

test('L11 control: where the clock that never jumps has passed the limit, the same look ends them', async () => {
  const world = await sessionWorld({ ...EASY, lifetime: LIMITED });
  const { id } = await world.start();
  world.time.now += DAY;
  await lookAfter(world);
  assert.equal(world.sessions.get(USER, id).state, 'stopped');
});

test('L8 draining opens nothing new, lets the check under way end, saves the work and stops nothing', async () => {
  const going = Promise.withResolvers<void>();
  const check = async (...words: Parameters<NonNullable<typeof EASY.check>>): Promise<Verdict[]> => {
    await going.promise;
    return EASY.check?.(...words) ?? [];
  };
  const store = await temporaryStore();
  const world = await sessionWorld({ ...EASY, store, check });
  const { sessions } = world;
  const session = await world.start();
  await edit(world, session, FILE, WRITTEN);
  const checking = sessions.check(USER, session.id);
  const draining = sessions.drain();
  await assert.rejects(sessions.open('ben', LAB.id), { name: 'draining' });
  let drained = false;
  void draining.then(() => {
    drained = true;
  });
  await sessions.sweep();
  assert.equal(drained, false, 'the check has not ended');
  going.resolve();
  assert.equal((await checking).verdicts.at(-1)?.verdict, 'passed');
  const before = await world.memory.list({});
  await draining;
  assert.deepEqual(await world.memory.list({}), before);
  assert.equal(Buffer.from((await store.snapshot(session.id, 'latest'))?.files.get(FILE) ?? '').toString(), WRITTEN);
  const next = await nextRunner(world, store);
  await lookAfter(next);
  assert.deepEqual(await world.memory.list({}), before, 'the same launch');
  const { state, tasks } = next.sessions.get(USER, session.id);
  assert.deepEqual([state, tasks.at(-1)?.verdict?.verdict], ['ready', 'passed']);
});
