import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hostConfig } from '../../../runner/core/policy/host-config.ts';
import { ROLES } from '../../../runner/core/policy/roles.ts';
import { ALL_ROLES, PLACEMENTS } from '../support/placements.ts';
import { type AnyConfig, brokenRules, SANDBOX_RULES } from '../support/sandbox-rules.ts';

const CONFIGS = ALL_ROLES.flatMap((role) =>
  Object.entries(PLACEMENTS[role]).map(([name, placement]) => ({
    where: `${role}, ${name}`,
    role,
    placement,
    config: hostConfig(role, placement),
  })),
);

for (const { name, holds, spoiled } of SANDBOX_RULES) {
  test(`S9 in every role: ${name}`, () => {
    const broken = CONFIGS.filter(({ config, role }) => !holds(config, role)).map(({ where }) => where);
    assert.deepEqual(broken, []);
  });

  for (const change of spoiled) {
    test(`control: "${name}" notices ${JSON.stringify(change) === '{}' ? Object.keys(change) : JSON.stringify(change)}`, () => {
      for (const { config, role } of CONFIGS) {
        const worse = { ...config, ...(change as AnyConfig) } as typeof config;
        assert.ok(brokenRules(worse, role).includes(name));
      }
    });
  }
}

test('S9 nobody runs as root but a sensor, and the container that is there to be confined', () => {
  const roots = ALL_ROLES.filter((role) => Number(ROLES[role].user.split(':')[0]) < 1000);
  assert.deepEqual(roots, ['sensor', 'container-lab']);
});

test('S9 confinement takes rights away and never gives one', () => {
  const wish = fc.record(
    {
      capabilities: fc.array(fc.constantFrom('CHOWN', 'SETUID', 'NET_RAW', 'SYS_ADMIN', 'ALL'), { maxLength: 4 }),
      readOnlyRoot: fc.boolean(),
      memoryMiB: fc.oneof(fc.double(), fc.integer({ min: 1, max: 600 })),
      cpus: fc.oneof(fc.double(), fc.double({ min: 0.01, max: 2, noNaN: true })),
      pids: fc.integer({ min: -10, max: 1000 }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.constantFrom(...ALL_ROLES), wish, (role, confinement) => {
      const placement = { network: { kind: 'none' }, mounts: [], ipv6: true, appArmor: false } as const;
      assert.deepEqual(brokenRules(hostConfig(role, { ...placement, confinement }), role), []);
    }),
  );
});

test('S9 who judges, who serves, who stores and who learns never share a uid', () => {
  const users = (['workbench', 'service', 'database', 'broker', 'checker', 'holder'] as const).map(
    (role) => ROLES[role].user,
  );
  assert.equal(new Set(users).size, users.length);
});

test('S9 a container in the network of another carries no name service and no sysctl of its own', () => {
  for (const { placement, config, where } of CONFIGS) {
    const own = placement.network.kind === 'own';
    assert.equal(config.Dns.length > 0, own, where);
    assert.equal(config.DnsOptions.length > 0, own, where);
    assert.equal(Object.keys(config.Sysctls).length > 0, own && placement.ipv6, where);
  }
});

test('S9 learners cannot execute what a checker writes, nor a checker', () => {
  const checker = hostConfig('checker', { network: { kind: 'none' }, mounts: [], ipv6: true, appArmor: false });
  assert.match(checker.Tmpfs['/tmp'] ?? '', /\bnoexec\b/);
});
