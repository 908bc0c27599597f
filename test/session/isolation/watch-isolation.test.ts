import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verdict } from '#contract';
import { outage } from '../support/outage.ts';
import { LAB, sessionWorld, USER, type WorldOptions } from '../support/session-world.ts';
import { playedNetwork } from './support/played-network.ts';

const FIX = 'verify-signature';
const SECOND = 1000;

async function probedWorld(options: WorldOptions = {}) {
  const { network, options: played } = playedNetwork();
  const world = await sessionWorld({ launches: 2, ...played, ...options });
  const { sessions, time } = world;
  return {
    ...world,
    network,
    /** What the runner does `seconds` later. */
    async later(seconds: number) {
      time.now += seconds * SECOND;
      await sessions.sweep();
    },
    warning: (id: string, user = USER) => sessions.get(user, id).warning,
    launchOf: async (id: string) => (await world.store.sessions()).find((one) => one.id === id)?.launch ?? '',
  };
}

const verdict = (kind: Verdict['verdict']): Verdict => ({
  task: FIX,
  verdict: kind,
  message: { id: 'told', params: {}, text: 'Told.' },
  evidence: [],
  replay: '',
  probes: [],
});

test('N6 a launch in order is found isolated, nobody is warned, and the canary listens only meanwhile', async () => {
  const { network, sessions, start, later, warning } = await probedWorld();
  const { id } = await start();
  await later(5);
  assert.deepEqual(sessions.isolation(), ['isolated']);
  assert.deepEqual([warning(id), network.told], [null, []]);
  assert.deepEqual([network.canaries, network.listening], [1, 0]);
});

for (const [leak, at] of [
  ['the host', '192.0.2.1'],
  ['the first address of its network', '10.213.0.1'],
  ['another launch', 'neighbours'],
] as const) {
  test(`N6 a lab that reaches ${leak}: no lab is opened, every session and the operator are told, until it is shut again`, async () => {
    const { network, sessions, start, later, warning } = await probedWorld();
    const [mine, other] = [await start(), await start('berta')];
    network.leaks.add(at);
    await later(5);
    assert.ok(sessions.isolation().includes('broken'));
    for (const told of [warning(mine.id), warning(other.id, 'berta')]) assert.match(told ?? '', /not shut off/);
    assert.match(network.told[0] ?? '', /^broken: .*reached \d+\.\d+\.\d+\.\d+:\d+/);
    assert.throws(() => sessions.requireIsolation(), { name: 'isolation-lost', status: 503 });
    await assert.rejects(sessions.open('carla', LAB.id), { name: 'isolation-lost', retryAfter: 50 });
    assert.equal((await sessions.open(USER, LAB.id)).id, mine.id, 'who has a lab open stays in it');

    network.leaks.clear();
    await later(60);
    assert.deepEqual([warning(mine.id), warning(other.id, 'berta')], [null, null]);
    assert.deepEqual(sessions.isolation(), ['isolated', 'isolated']);
    assert.match(network.told.at(-1) ?? '', /^isolated: /);
    await sessions.stop(USER, mine.id);
    assert.equal((await start('carla')).state, 'ready');
  });
}

test('N6 once the last lab that reached too much is stopped, the next may be opened, and is asked at once', async () => {
  const { network, sessions, start, later } = await probedWorld();
  const { id } = await start();
  network.leaks.add(network.host);
  await later(5);
  await sessions.stop(USER, id);
  await later(5);
  assert.doesNotThrow(() => sessions.requireIsolation());
  await start();
  await later(5);
  assert.throws(() => sessions.requireIsolation(), { name: 'isolation-lost' });
});

test('N6 a launch whose network carries nothing: only its learner is told, and a check says so and blames nobody', async () => {
  let checks = 0;
  const check = async () => {
    checks++;
    return [verdict('not-yet')];
  };
  const { network, sessions, start, later, warning, launchOf } = await probedWorld({ check });
  const [mine, other] = [await start(), await start('berta')];
  network.dead.add(await launchOf(mine.id));
  await later(5);
  assert.match(warning(mine.id) ?? '', /carries nothing/);
  assert.equal(warning(other.id, 'berta'), null);
  assert.doesNotThrow(() => sessions.requireIsolation());
  assert.match(network.told.join(), /^dead: the network of launch/);
  await assert.rejects(sessions.check(USER, mine.id, FIX), { name: 'could-not-check', message: /carries nothing/ });
  assert.equal(checks, 0, 'what cannot be told is not asked');

  network.dead.clear();
  assert.deepEqual((await sessions.check(USER, mine.id, FIX)).verdicts, [verdict('not-yet')]);
  assert.equal(warning(mine.id), null, 'it is over as soon as it is noticed');
});

test('N6 a network that dies between two probes is noticed by the check that fails for it; one that passes stands', async () => {
  let given: Verdict['verdict'] = 'not-yet';
  const { network, sessions, start, warning, launchOf } = await probedWorld({ check: async () => [verdict(given)] });
  const { id } = await start();
  assert.equal(
    (await sessions.check(USER, id, FIX)).verdicts[0]?.verdict,
    'not-yet',
    'control: with a network it counts',
  );
  network.dead.add(await launchOf(id));
  given = 'broken';
  await assert.rejects(sessions.check(USER, id, FIX), { name: 'could-not-check' });
  assert.equal(sessions.get(USER, id).tasks.find(({ task }) => task === FIX)?.verdict?.verdict, 'not-yet');
  assert.match(warning(id) ?? '', /carries nothing/);
  network.dead.clear();
  given = 'passed';
  const { asked } = network;
  const before = asked.length;
  await sessions.check(USER, id, FIX);
  await sessions.check(USER, id, FIX);
  assert.equal(asked.length - before, 1, 'only what was known to be dead was asked');
});

test('N6 a check on a silent network does not hide that a lab could reach too much', async () => {
  const { network, sessions, start, later, launchOf } = await probedWorld({ check: async () => [verdict('not-yet')] });
  const { id } = await start();
  network.leaks.add(network.host);
  await later(5);
  network.dead.add(await launchOf(id));
  await assert.rejects(sessions.check(USER, id, FIX), { name: 'could-not-check' });
  assert.throws(() => sessions.requireIsolation(), { name: 'isolation-lost' });
});

test('N6 one silence is not yet a dead network, two are', async () => {
  for (const [silences, result] of [
    [1, 'isolated'],
    [2, 'dead'],
  ] as const) {
    const { network, sessions, start, later } = await probedWorld();
    await start();
    network.silent = silences;
    await later(5);
    assert.deepEqual(sessions.isolation(), [result]);
  }
});

test('N6 it is asked at the start, at most 60 s later again, one launch after the other, and once the engine is back', async () => {
  const engine = outage();
  const { network, sessions, start, later, launchOf } = await probedWorld({ between: engine.between });
  const { asked } = network;
  await later(5);
  assert.deepEqual(asked, [], 'without a launch there is nothing to ask');
  const both = [await launchOf((await start()).id), await launchOf((await start('berta')).id)];
  for (let seconds = 0; seconds < 115; seconds += 5) await later(5);
  assert.equal(asked.length, 3, 'at once and twice in two minutes');
  assert.deepEqual(new Set(asked.slice(0, 2)), new Set(both));
  await later(5);
  const before = asked.length;
  engine.down();
  await assert.rejects(later(5), { name: 'engine-unavailable' });
  engine.up();
  await later(5);
  assert.equal(asked.length, before + 1);
  await sessions.sweep();
  assert.equal(asked.length, before + 1, 'once');
});

test('N6 a tool that does not do its work changes nothing that is known, and the operator hears of it', async () => {
  const check = async () => [verdict('not-yet')];
  const { network, sessions, start, later, warning, warnings } = await probedWorld({ check });
  const { id } = await start();
  network.code = 2;
  await later(5);
  assert.deepEqual([sessions.isolation(), warning(id)], [[], null]);
  assert.match(warnings.join(), /could not be probed: .* ended with 2/);
  assert.equal((await sessions.check(USER, id, FIX)).verdicts[0]?.verdict, 'not-yet');
});
