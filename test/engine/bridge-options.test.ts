import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bridgeOptions } from '../../runner/engine/docker/networks.ts';

const common = {
  'com.docker.network.bridge.name': 'lab0123456789a',
  'com.docker.network.bridge.enable_ip_masquerade': 'false',
};

test('N2 the host gets no address on a bridge, by the option each engine knows', () => {
  for (const old of [20, 27]) {
    assert.deepEqual(bridgeOptions('lab0123456789a', old), {
      ...common,
      'com.docker.network.bridge.inhibit_ipv4': 'true',
    });
  }
  for (const recent of [28, 29]) {
    assert.deepEqual(bridgeOptions('lab0123456789a', recent), {
      ...common,
      'com.docker.network.bridge.gateway_mode_ipv4': 'isolated',
    });
  }
});
