import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openCanary } from '../../../runner/engine/canary/open-canary.ts';
import { createSessions } from '../../../runner/session/create-sessions.ts';
import { knock } from '../../../runner/session/isolation/knock.ts';
import { type Probed, probeLaunch } from '../../../runner/session/isolation/probe-launch.ts';
import { bareLaunch } from '../support/bare-launch.ts';
import { course, LAB, USER } from '../support/course.ts';
import { openNetwork } from '../support/open-network.ts';
import { withoutRules } from './support/bridge-rules.ts';

const rig = await course();
const lab = rig.deps.library.get(LAB) ?? assert.fail();
const FIX = 'verify-signature';

test('N6 two launches in order are isolated from the host and from each other', async () => {
  const [one, other] = [await bareLaunch(rig, lab), await bareLaunch(rig, lab)];
  try {
    await using canary = await openCanary();
    assert.ok(canary.addresses.length >= 2, 'the host’s own address and the engine’s');
    for (const [launch, neighbour] of [
      [one.launch, other.launch],
      [other.launch, one.launch],
    ] as const) {
      assert.deepEqual(await probeLaunch(rig.docker, launch, canary, neighbour), { result: 'isolated' });
      const door = { address: launch.positions.get('gateway')?.addresses.public ?? '', port: 8080 };
      const holder = launch.positions.get('outside-1')?.holder ?? '';
      const answer = (await knock(rig.docker, holder, [door])).get(door);
      assert.equal(answer, 'open', 'control: from within it answers where the neighbour asks');
    }
  } finally {
    await Promise.all([one.remove(), other.remove()]);
  }
});

/** A launch whose outside position stands where we like, as far as a probe asks for it. */
function standingAt(launch: Probed, holder: string, address: string): Probed {
  const outside = { name: 'outside-1', holder, addresses: { public: address } };
  const gateway = { name: 'gateway', holder, addresses: { public: address } };
  return {
    plan: launch.plan,
    positions: new Map([...launch.positions, ['outside-1', outside], ['gateway', gateway]]),
  };
}

test('N6 on a network made without our options the probe reaches the host, and says where', async () => {
  const own = await bareLaunch(rig, lab);
  try {
    const { gateway, inside } = await openNetwork(rig, { internal: true });
    const [address = ''] = Object.values((await rig.docker.inspectContainer(inside.container))?.addresses ?? {});
    await using canary = await openCanary();
    const finding = await probeLaunch(rig.docker, standingAt(own.launch, inside.container, address), canary);
    assert.equal(finding.result, 'broken');
    assert.ok(finding.reached.includes(`${gateway}:${canary.port}`), finding.reached.join());
  } finally {
    await own.remove();
  }
});

test('N6 without the engine’s firewall rules a launch carries nothing: its learner and the operator are told, no check blames the learner, and it ends when they are back', async (t) => {
  let now = 0;
  const told: string[] = [];
  const tell = (result: string) => told.push(result);
  const deps = { ...rig.deps, monotonic: () => now, isolation: { canary: openCanary, tell } };
  const sessions = createSessions(deps);
  const look = async () => {
    now += 60_000;
    await sessions.sweep();
    return sessions.get(USER, id).warning;
  };
  const { id } = await sessions.open(USER, LAB);
  try {
    while (sessions.get(USER, id).state === 'opening') await pause(50);
    assert.equal(await look(), null);
    const before = (await sessions.check(USER, id, FIX)).verdicts[0];
    assert.equal(before?.verdict, 'not-yet', 'control: with a network it is the learner’s turn');
    const launch = (await rig.deps.store.sessions()).find((one) => one.id === id)?.launch ?? '';
    {
      using rules = await withoutRules(rig, launch);
      assert.ok(rules.removed > 0, 'control: there were rules to take away');
      const began = performance.now();
      await assert.rejects(sessions.check(USER, id, FIX), { name: 'could-not-check', message: /carries nothing/ });
      t.diagnostic(`noticed by a check after ${Math.round(performance.now() - began)} ms`);
      assert.match((await look()) ?? '', /carries nothing/);
      assert.deepEqual([sessions.isolation(), told], [['dead'], ['dead']]);
    }
    assert.equal(await look(), null);
    assert.deepEqual(told, ['dead', 'isolated']);
    assert.equal((await sessions.check(USER, id, FIX)).verdicts[0]?.verdict, 'not-yet');
  } finally {
    await sessions.stopAll();
  }
});
