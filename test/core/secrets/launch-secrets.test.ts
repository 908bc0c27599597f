import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { launchLabels, roleLabels } from '../../../runner/core/labels/labels.ts';
import { planLaunch } from '../../../runner/core/plan/plan-launch.ts';
import { flagSecret, launchSecrets, sameSecret } from '../../../runner/core/secrets/launch-secrets.ts';
import { deployed } from '../support/deployed.ts';
import { COMPOSE, SCENARIO } from '../support/small-lab.ts';

const key = createHash('sha256').update('a key of a runner').digest();
const launch = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 16, maxLength: 16 });
const DECLARED = SCENARIO.secrets;
/** A word of a list is weak on purpose, so two launches may share it. */
const strong = (secrets: Readonly<Record<string, string>>) =>
  Object.entries(secrets).filter(([name]) => DECLARED[name]?.kind !== 'word');

/** Values that two launches have in common. */
function shared(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): string[] {
  const theirs = new Set(strong(other).map(([, value]) => value));
  return strong(one)
    .filter(([, value]) => theirs.has(value))
    .map(([name]) => name);
}

test('S12 no two launches, and no two secrets of one, share a value', () => {
  fc.assert(
    fc.property(launch, launch, (one, other) => {
      const [mine, theirs] = [launchSecrets(key, one, DECLARED), launchSecrets(key, other, DECLARED)];
      assert.equal(new Set(strong(mine).map(([, value]) => value)).size, strong(mine).length);
      if (one === other) assert.deepEqual(mine, theirs);
      else assert.deepEqual(shared(mine, theirs), []);
    }),
  );
});

test('S12 another runner’s key gives other secrets for the same launch', () => {
  const other = createHash('sha256').update('another key').digest();
  assert.deepEqual(
    shared(launchSecrets(key, 'a'.repeat(16), DECLARED), launchSecrets(other, 'a'.repeat(16), DECLARED)),
    [],
  );
});

test('S12 half the bits differ between two launches: one secret says nothing about another', () => {
  const bits = (id: string) => BigInt(`0x${launchSecrets(key, id, DECLARED)['db-password']}`);
  const differing = Array.from({ length: 200 }, (_, index) => {
    const next = (index + 1).toString(16).padStart(16, '0');
    return (bits('0'.repeat(16)) ^ bits(next)).toString(2).replaceAll('0', '').length;
  });
  const mean = differing.reduce((sum, count) => sum + count) / differing.length;
  assert.ok(mean > 120 && mean < 136, `${mean} of 256 bits differ`);
});

test('S12 a random secret and a flag are at least 128 bits long, and a flag looks like one', () => {
  const secrets = launchSecrets(key, 'b'.repeat(16), DECLARED);
  assert.match(secrets['db-password'] ?? '', /^[0-9a-f]{64}$/);
  assert.match(secrets['flag-enter'] ?? '', /^flag\{[0-9a-f]{32}\}$/);
  assert.ok(['anchor', 'harbour', 'lighthouse'].includes(secrets['weak-word'] ?? ''));
});

test('control: secrets that do not depend on the launch are seen to be shared', () => {
  const careless = () => launchSecrets(key, 'the same for all', DECLARED);
  assert.deepEqual(shared(careless(), careless()), ['flag-enter', 'db-password']);
});

/** Names of the secrets whose value stands in a text. */
const leaked = (text: string, secrets: Readonly<Record<string, string>>) =>
  strong(secrets)
    .filter(([, value]) => text.includes(value))
    .map(([name]) => name);

test('S12 neither plan, labels, names, environment nor HostConfig contain a secret', async () => {
  const id = '0123456789abcdef';
  const secrets = launchSecrets(Buffer.alloc(32), id, DECLARED);
  const plan = planLaunch(SCENARIO, COMPOSE);
  const labels = launchLabels({ id, session: 's', lab: 'small', owner: 'o', clock: () => 0 });
  const visible = JSON.stringify([plan, roleLabels(labels, 'service', 'db'), await deployed(plan, SCENARIO)]);
  assert.deepEqual(leaked(visible, secrets), []);
  assert.deepEqual(leaked(`${visible} ${secrets['db-password']}`, secrets), ['db-password'], 'control');
});

test('C6 flags compare by value, whatever their length', () => {
  const flag = launchSecrets(key, 'c'.repeat(16), DECLARED)['flag-enter'] ?? '';
  assert.ok(sameSecret(flag, flag));
  for (const wrong of ['', flag.slice(0, -1), `${flag} `, flag.toUpperCase(), 'x'.repeat(100_000)])
    assert.ok(!sameSecret(wrong, flag));
});

test('the flag of a break task is found by the task, and there is none for others', () => {
  assert.equal(flagSecret(DECLARED, 'enter'), 'flag-enter');
  assert.equal(flagSecret(DECLARED, 'shut'), undefined);
});
