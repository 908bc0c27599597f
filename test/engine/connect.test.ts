import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDockerHost } from '../../runner/engine/connect.ts';
import { memoryEngine } from '../../runner/engine/memory/memory-engine.ts';
import { singleNode } from '../../runner/engine/single-node.ts';
import { named } from '../suites/engine-fixture.ts';

test('a Docker host is read as the docker command writes it', () => {
  assert.deepEqual(parseDockerHost(undefined), { socketPath: '/var/run/docker.sock' });
  assert.deepEqual(parseDockerHost(''), { socketPath: '/var/run/docker.sock' });
  assert.deepEqual(parseDockerHost('unix:///run/user/1000/docker.sock'), { socketPath: '/run/user/1000/docker.sock' });
  assert.deepEqual(parseDockerHost('tcp://10.0.0.5:2376'), { host: '10.0.0.5', port: 2376 });
  assert.deepEqual(parseDockerHost('tcp://[::1]:2375'), { host: '::1', port: 2375 });
});

test('anything else is refused by name', () => {
  for (const wrong of ['ssh://host', 'docker.sock', 'unix://relative.sock', 'tcp://']) {
    assert.throws(() => parseDockerHost(wrong), named('environment', /no address/));
  }
});

test('one machine has one name', () => {
  const engine = memoryEngine({ node: 'here' });
  const engines = singleNode(engine);
  assert.deepEqual(engines.nodes, ['here']);
  assert.equal(engines.on('here'), engine);
  assert.throws(() => engines.on('there'), named('engine-unavailable', /there/));
});
