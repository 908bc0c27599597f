import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { LABEL } from '../../../runner/core/labels/labels.ts';
import { overlaps, parseCidr } from '../../../runner/engine/cidr.ts';
import { subnetPool } from '../../../runner/engine/subnets.ts';
import { createSessions } from '../../../runner/session/create-sessions.ts';
import { course, LAB } from '../support/course.ts';
import { openNetwork } from '../support/open-network.ts';

const rig = await course();
/** More than any engine's default pools have networks for. */
const MANY = 40;
const base = `10.213.${4 * randomInt(16, 32)}.0`;

/** Makes networks out of the engine's own pools until it refuses; how many it had, and what it says then. */
async function exhaustDefaultPools(): Promise<{ made: number; refusal: string }> {
  for (let made = 0; made < MANY; made++) {
    const network = { Name: `${rig.owner}-default-${made}`, Internal: true, Labels: rig.extras };
    try {
      await rig.client.docker.createNetwork(network);
    } catch (error) {
      return { made, refusal: (error as Error).message };
    }
  }
  return { made: MANY, refusal: '' };
}

async function removeExtras(): Promise<void> {
  const { containers, networks } = await rig.docker.list(rig.extras);
  await Promise.all(containers.map(({ id }) => rig.docker.removeContainer(id)));
  for (const { id } of networks) await rig.docker.removeNetwork(id);
}

test('N7 forty networks come out of our own pool while the engine’s own is exhausted, and none overlaps', async (t) => {
  try {
    const { made, refusal } = await exhaustDefaultPools();
    assert.match(refusal, /available|subnetted/, `control: the engine itself has no more after ${made}`);
    t.diagnostic(`the engine's own pools had ${made} networks left: ${refusal}`);
    const pool = subnetPool({ base: `${base}/22`, prefix: 28 });
    const others = await rig.docker.subnets();
    for (let count = 0; count < MANY; count++) {
      const subnet = pool.reserve(await rig.docker.subnets());
      const bridge = `lab${randomBytes(5).toString('hex')}`;
      await rig.docker.createNetwork({ name: `${rig.owner}-${count}`, subnet, bridge, labels: rig.extras });
    }
    const all = await rig.docker.subnets();
    assert.equal(all.length - others.length, MANY);
    const ranges = all.flatMap((text) => parseCidr(text) ?? []);
    const clashes = ranges.filter((one, at) => ranges.some((other, then) => then < at && overlaps(one, other)));
    assert.deepEqual(clashes, []);
  } finally {
    await removeExtras();
  }
});

/** Subnets this host has a route to, as `address/prefix` (proc_pid_net(5), little-endian hexadecimal). */
async function routed(): Promise<string[]> {
  const rows = (await readFile('/proc/net/route', 'utf8')).trim().split('\n').slice(1);
  return rows.map((row) => {
    const [, to = '', , , , , , mask = ''] = row.split('\t');
    const address = Buffer.from(to, 'hex').reverse().join('.');
    const prefix = Number.parseInt(mask, 16).toString(2).replaceAll('0', '').length;
    return `${address}/${prefix}`;
  });
}

/** Sessions whose pool has networks for exactly one launch. */
function smallSessions() {
  const sessions = createSessions({ ...rig.deps, subnets: subnetPool({ base: `${base}/27`, prefix: 28 }) });
  async function open(user: string) {
    const { id } = await sessions.open(user, LAB);
    while (sessions.get(user, id).state === 'opening') await pause(50);
    return sessions.get(user, id);
  }
  return { sessions, open };
}

test('N7 without a network left a lab is refused for want of room and leaves nothing; one that stops gives its own back', async () => {
  const { sessions, open } = smallSessions();
  try {
    const first = await open('first');
    assert.equal(first.state, 'ready', first.problem?.message);
    const launched = (await rig.docker.subnets()).filter((subnet) => subnet.startsWith(base.slice(0, -1)));
    assert.equal(launched.length, 2);
    assert.deepEqual(
      (await routed()).filter((subnet) => launched.includes(subnet)),
      [],
      'the host has no way there',
    );

    const second = await open('second');
    assert.deepEqual([second.state, second.problem?.name], ['failed', 'no-capacity']);
    const { containers, networks, volumes } = await rig.docker.list({ ...rig.labels, [LABEL.session]: second.id });
    assert.deepEqual([...containers, ...networks, ...volumes], []);

    await sessions.stop('first', first.id);
    const third = await open('second');
    assert.equal(third.state, 'ready', third.problem?.message);
  } finally {
    await sessions.stopAll();
  }
});

test('N7 control: a network of the usual kind does give the host a route', async () => {
  const { gateway } = await openNetwork(rig, { internal: true });
  const subnet = gateway.replace(/\d+$/, (last) => `${Number(last) - 1}/28`);
  assert.ok((await routed()).includes(subnet));
});
