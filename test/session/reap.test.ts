import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APP, LABEL } from '../../runner/core/labels/labels.ts';
import { hostConfig } from '../../runner/core/policy/host-config.ts';
import type { Engine, Labels } from '../../runner/core/ports/engine.ts';
import { memoryEngine } from '../../runner/engine/memory/memory-engine.ts';
import { refused } from '../../runner/engine/refused.ts';
import { GRACE_SECONDS, reap } from '../../runner/session/reap.ts';
import { OWNER, sessionWorld } from './support/session-world.ts';

const NOW = Date.UTC(2030, 0, 1);

const labelled = (launch: string, seconds: number, owner = OWNER): Labels => ({
  [LABEL.app]: APP,
  [LABEL.owner]: owner,
  [LABEL.launch]: launch,
  [LABEL.created]: String(NOW / 1000 - seconds),
});

/** One piece of each kind, as a launch would make them. */
async function makePieces(engine: Engine, name: string, labels: Labels, index = 0): Promise<void> {
  const subnet = `10.213.0.${index * 16}/28`;
  await engine.createNetwork({ name: `${name}-net`, subnet, bridge: `lab${index}`, labels });
  await engine.createVolume({ name: `${name}-volume`, labels });
  await engine.createContainer({
    name: `${name}-container`,
    image: 'any',
    labels,
    command: [],
    env: {},
    user: '',
    workingDir: '/',
    interactive: false,
    hostConfig: hostConfig('holder', {
      network: { kind: 'own', network: `${name}-net` },
      mounts: [],
      ipv6: false,
      appArmor: false,
    }),
    endpoints: [{ network: `${name}-net`, aliases: [] }],
  });
  await engine.startContainer(`${name}-container`);
}

async function names(engine: Engine): Promise<string[]> {
  const { containers, networks, volumes } = await engine.list({});
  return [...containers, ...networks, ...volumes].map(({ name }) => name).sort();
}

const pieces = (name: string) => [`${name}-container`, `${name}-net`, `${name}-volume`];

test('L1 what nobody holds and is older than the grace goes; the young, the held and the foreign stay', async () => {
  const engine = memoryEngine();
  const old = GRACE_SECONDS + 1;
  await makePieces(engine, 'lost', labelled('lost', old), 0);
  await makePieces(engine, 'young', labelled('young', GRACE_SECONDS), 1);
  await makePieces(engine, 'held', labelled('held', old), 2);
  await makePieces(engine, 'foreign', labelled('foreign', old, 'another-runner'), 3);
  await makePieces(engine, 'unlabelled', {}, 4);
  await makePieces(engine, 'other-app', { ...labelled('other-app', old), [LABEL.app]: 'harbour' }, 5);

  assert.deepEqual(await reap(engine, OWNER, new Set(['held']), NOW), ['lost']);

  const kept = ['foreign', 'held', 'other-app', 'unlabelled', 'young'];
  assert.deepEqual(await names(engine), kept.flatMap(pieces).sort());
});

test('L1 control: each of these is kept for one reason only, and goes without it', async () => {
  const engine = memoryEngine();
  await makePieces(engine, 'young', labelled('young', GRACE_SECONDS), 0);
  await makePieces(engine, 'held', labelled('held', GRACE_SECONDS + 1), 1);
  await makePieces(engine, 'foreign', labelled('foreign', GRACE_SECONDS + 1, 'another-runner'), 2);
  assert.deepEqual(await reap(engine, OWNER, new Set(), NOW + 1000), ['young', 'held']);
  assert.deepEqual(await reap(engine, 'another-runner', new Set(), NOW), ['foreign']);
  assert.deepEqual(await names(engine), []);
});

test('L1 the same launch id under another owner is not touched', async () => {
  const engine = memoryEngine();
  await makePieces(engine, 'ours', labelled('twin', GRACE_SECONDS + 1), 0);
  await makePieces(engine, 'theirs', labelled('twin', GRACE_SECONDS + 1, 'another-runner'), 1);
  assert.deepEqual(await reap(engine, OWNER, new Set(), NOW), ['twin']);
  assert.deepEqual(await names(engine), pieces('theirs'));
});

test('L11 a clock that jumped back makes nothing look old', async () => {
  const engine = memoryEngine();
  await makePieces(engine, 'any', labelled('any', GRACE_SECONDS + 1));
  assert.deepEqual(await reap(engine, OWNER, new Set(), NOW - 86_400_000), []);
  assert.deepEqual(await names(engine), pieces('any'));
});

test('one launch that cannot be removed is told of and does not keep the others', async () => {
  const memory = memoryEngine();
  await makePieces(memory, 'stuck', labelled('stuck', GRACE_SECONDS + 1), 0);
  await makePieces(memory, 'lost', labelled('lost', GRACE_SECONDS + 1), 1);
  const engine: Engine = {
    ...memory,
    async removeNetwork(id) {
      const { networks } = await memory.list({ [LABEL.launch]: 'stuck' });
      if (networks.some((network) => network.id === id)) throw refused(`remove the network ${id}`, 'busy');
      return memory.removeNetwork(id);
    },
  };
  await assert.rejects(reap(engine, OWNER, new Set(), NOW), { name: 'engine-refused' });
  assert.deepEqual(await names(memory), ['stuck-net', 'stuck-volume']);
});

test('L1 a launch is held from the moment it is begun, however long its start takes', async () => {
  const slow = Promise.withResolvers<void>();
  const waiting = Promise.withResolvers<void>();
  const world = await sessionWorld({
    programs: {
      '/opt/drydock/ready': async () => {
        waiting.resolve();
        await slow.promise;
        return 0;
      },
    },
  });
  const starting = world.start();
  await waiting.promise;
  world.time.now += 10 * GRACE_SECONDS * 1000;
  assert.deepEqual(await world.sessions.reap(), []);
  slow.resolve();
  const { id, state } = await starting;
  assert.equal(state, 'ready');
  assert.deepEqual(await world.sessions.reap(), []);
  const { containers } = await world.memory.list({ [LABEL.session]: id });
  assert.ok(containers.every(({ running }) => running) && containers.length > 0);
});
