import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bridgeName, deploymentLabels, LABEL, launchLabels, roleLabels } from '../../../runner/core/labels/labels.ts';

const launch = {
  id: '0123456789abcdef',
  session: 'fedcba9876543210',
  lab: 'small',
  owner: 'o1',
  clock: () => 1_700_000_000_900,
};

test('whatever is made of a launch says whose it is, and since when in whole seconds', () => {
  assert.deepEqual(launchLabels(launch), {
    'drydock.app': 'drydock',
    'drydock.owner': 'o1',
    'drydock.launch': '0123456789abcdef',
    'drydock.session': 'fedcba9876543210',
    'drydock.lab': 'small',
    'drydock.created': '1700000000',
  });
});

test('a role and a deployment add to a launch’s labels and change none, so one look finds everything of it', () => {
  const labels = launchLabels(launch);
  const more = roleLabels(deploymentLabels(labels, 'gateway', 3), 'service', 'gateway');
  assert.deepEqual({ ...more, ...labels }, more);
  assert.equal(more[LABEL.role], 'service');
  assert.equal(more[LABEL.position], 'gateway');
  assert.equal(more[LABEL.deployment], 'gateway-3');
});

test('two generations of a service never carry the same deployment label', () => {
  assert.notDeepEqual(deploymentLabels({}, 'gateway', 1), deploymentLabels({}, 'gateway', 11));
});

test('N2 every bridge has a name the kernel takes and the pattern lab+ matches, one for each network', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9a-f]{16}$/), (id) => {
      const names = Array.from({ length: 20 }, (_, index) => bridgeName(id, index));
      for (const name of names) assert.match(name, /^lab[0-9a-z]{1,12}$/);
      assert.equal(new Set(names).size, names.length);
    }),
  );
});
