// The HostConfigs of every role, as they were last read by a person. To renew them after a change that is meant:
//   DRYDOCK_RENEW_GOLDEN=1 node --test test/core/policy/golden.test.ts
// and read the difference before committing it.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hostConfig } from '../../../runner/core/policy/host-config.ts';
import { ROLES, type Role } from '../../../runner/core/policy/roles.ts';
import { differences } from '../support/differences.ts';
import { ALL_ROLES, PLACEMENTS } from '../support/placements.ts';

const folder = join(import.meta.dirname, '../golden');
const fileOf = (role: Role) => join(folder, `${role}.json`);
const renew = process.env['DRYDOCK_RENEW_GOLDEN'] === '1';

/** What a role is today. The seccomp profile stands as its hash: it is data of its own, and long. */
function present(role: Role): Record<string, unknown> {
  const configs = Object.entries(PLACEMENTS[role]).map(([name, placement]) => {
    const { SecurityOpt, ...config } = hostConfig(role, placement);
    return [name, { ...config, SecurityOpt: SecurityOpt.map(shortened) }] as const;
  });
  return { User: ROLES[role].user, ...Object.fromEntries(configs) };
}

function shortened(option: string): string {
  if (!option.startsWith('seccomp=')) return option;
  return `seccomp=sha256:${createHash('sha256').update(option).digest('hex')}`;
}

test('golden files are not renewed where nobody reads the difference', () => {
  assert.ok(!(renew && process.env['CI']), 'renew them on a machine of your own, and commit them');
});

for (const role of ALL_ROLES) {
  test(`S9 the HostConfig of ${role} is the one that was agreed on`, () => {
    const now = JSON.parse(JSON.stringify(present(role)));
    if (renew && !process.env['CI']) writeFileSync(fileOf(role), `${JSON.stringify(now, null, 2)}\n`);
    const found = differences(JSON.parse(readFileSync(fileOf(role), 'utf8')), now);
    assert.ok(found.length === 0, `golden → now:\n${found.join('\n')}`);
  });
}

test('S9 every golden file belongs to a role', () => {
  assert.deepEqual(readdirSync(folder).sort(), ALL_ROLES.map((role) => `${role}.json`).sort());
});

test('control: a changed limit, a field more and a field less are each named', () => {
  const then = { 'at a position': { Memory: 1, CapDrop: ['ALL'], Gone: true } };
  const now = { 'at a position': { Memory: 2, CapDrop: ['ALL'], New: '' } };
  assert.deepEqual(differences(then, now), [
    'at a position.Gone: true → absent',
    'at a position.Memory: 1 → 2',
    'at a position.New: absent → ""',
  ]);
});
