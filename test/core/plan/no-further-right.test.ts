import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DrydockError } from '#contract';
import { LABEL } from '../../../runner/core/labels/labels.ts';
import type { LaunchPlan } from '../../../runner/core/plan/launch-plan.ts';
import { planLaunch } from '../../../runner/core/plan/plan-launch.ts';
import { ROLES, type Role } from '../../../runner/core/policy/roles.ts';
import { compose, wideCompose } from '../support/any-compose.ts';
import { deployed } from '../support/deployed.ts';
import { brokenRules } from '../support/sandbox-rules.ts';
import { COMPOSE, SCENARIO } from '../support/small-lab.ts';
import { WIDE_SCENARIO } from '../support/wide-lab.ts';

/** The plan, or null where the text is refused; any other error is a bug. */
function planOrRefusal(text: string, scenario = SCENARIO): LaunchPlan | null {
  try {
    return planLaunch(scenario, text);
  } catch (error) {
    if (error instanceof DrydockError && error.name === 'invalid-file') return null;
    throw error;
  }
}

/** What a launch of this plan would have beyond its roles. */
async function furtherRights(plan: LaunchPlan, scenario = SCENARIO): Promise<string[]> {
  const specs = await deployed(plan, scenario);
  return specs.flatMap(({ hostConfig, labels, endpoints, user }) => {
    const role = labels[LABEL.role] as Role;
    const service = /^(.*)-\d+$/.exec(labels[LABEL.deployment] ?? '')?.[1] ?? '';
    const declared = role === 'filer' ? role : scenario.services[service]?.role;
    const foreign = hostConfig.Mounts.filter(({ Source }) => !Source.startsWith('drydock-0123456789abcdef-'));
    return [
      ...brokenRules(hostConfig, role),
      ...(role === declared ? [] : [`a container of role ${role}`]),
      ...(user === ROLES[role].user || (role === 'container-lab' && isFree(user)) ? [] : [`the user ${user}`]),
      ...(role !== 'filer' && hostConfig.NetworkMode !== 'container:holder' ? ['a network of its own'] : []),
      ...(endpoints.length > 0 ? ['endpoints of its own'] : []),
      ...foreign.map(({ Source }) => `a volume that is not the launch's: ${Source}`),
      ...hostConfig.Mounts.filter(({ Target }) => !/^\/(app|srv|var\/lib|run\/secrets)(\/|$)/.test(Target)).map(
        ({ Target }) => `a mount over ${Target}`,
      ),
      ...Object.keys(hostConfig.Tmpfs)
        .filter((path) => !/^\/(tmp$|app\/|srv\/|run\/(?!secrets)|var\/(lib|cache|log|spool)\/)/.test(path))
        .map((path) => `an empty folder over ${path}`),
    ];
  });
}

/** Nobody else's uid: not one of the system's, the learner's or a role's. */
const isFree = (user: string) => user.split(':').every((id) => id === '0' || (id !== '65534' && Number(id) >= 10_000));

for (const { name, scenario, texts } of [
  { name: 'a small lab', scenario: SCENARIO, texts: compose },
  { name: 'a lab with every role', scenario: WIDE_SCENARIO, texts: wideCompose },
]) {
  test(`S8 S9 no compose.yaml of ${name} that is accepted gives a container a right beyond its role`, async () => {
    let accepted = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const plan = planOrRefusal(text, scenario);
        if (!plan) return void refused++;
        accepted++;
        assert.deepEqual(await furtherRights(plan, scenario), []);
      }),
      { numRuns: 400 },
    );
    // Otherwise the property would have said nothing.
    assert.ok(accepted > 20 && refused > 20, `${accepted} accepted, ${refused} refused`);
  });
}

test('S8 text of any kind is planned or refused, never anything else', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => void planOrRefusal(text)));
  fc.assert(fc.property(fc.json(), (text) => void planOrRefusal(text)));
});

test('control: a planner that let a path of the host or a place over the system through would be noticed', async () => {
  const plan = planLaunch(SCENARIO, COMPOSE);
  const [gateway, ...others] = plan.services;
  assert.ok(gateway);
  const spoil = (change: Partial<typeof gateway>) =>
    furtherRights({ ...plan, services: [{ ...gateway, ...change }, ...others] });
  const dataAt = (volume: string, target: string) => ({ volume, target, limit: { bytes: 1, inodes: 1 } });
  assert.deepEqual(await spoil({}), []);
  assert.match((await spoil({ scratch: ['/usr/bin'] })).join(), /an empty folder over \/usr\/bin/);
  assert.match((await spoil({ user: '0:0' })).join(), /the user 0:0/);
  assert.match((await spoil({ role: 'sensor' })).join(), /a container of role sensor/);
  assert.match((await spoil({ data: [dataAt('../../etc', '/app/x')] })).join(), /only named volumes/);
  assert.match((await spoil({ files: [{ folder: 'a', target: '/usr/bin' }] })).join(), /a mount over \/usr\/bin/);
  assert.match((await spoil({ data: [dataAt('a', '/app/src')] })).join(), /none of them twice/);
});
