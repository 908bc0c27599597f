import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DrydockError } from '#contract';
import { LABEL } from '../../../runner/core/labels/labels.ts';
import type { LaunchPlan } from '../../../runner/core/plan/launch-plan.ts';
import { planLaunch } from '../../../runner/core/plan/plan-launch.ts';
import type { Role } from '../../../runner/core/policy/roles.ts';
import { compose } from '../support/any-compose.ts';
import { deployed } from '../support/deployed.ts';
import { brokenRules } from '../support/sandbox-rules.ts';
import { COMPOSE, SCENARIO } from '../support/small-lab.ts';

/** The plan, or null where the text is refused; any other error is a bug. */
function planOrRefusal(text: string): LaunchPlan | null {
  try {
    return planLaunch(SCENARIO, text);
  } catch (error) {
    if (error instanceof DrydockError && error.name === 'invalid-file') return null;
    throw error;
  }
}

/** What a launch of this plan would have beyond its roles. */
async function furtherRights(plan: LaunchPlan): Promise<string[]> {
  const specs = await deployed(plan, SCENARIO);
  return specs.flatMap(({ hostConfig, labels, endpoints }) => {
    const role = labels[LABEL.role] as Role;
    const foreign = hostConfig.Mounts.filter(({ Source }) => !Source.startsWith('drydock-0123456789abcdef-'));
    return [
      ...brokenRules(hostConfig, role),
      ...(role === 'service' || role === 'database' || role === 'filer' ? [] : [`a container of role ${role}`]),
      ...(role !== 'filer' && hostConfig.NetworkMode !== 'container:holder' ? ['a network of its own'] : []),
      ...(endpoints.length > 0 ? ['endpoints of its own'] : []),
      ...foreign.map(({ Source }) => `a volume that is not the launch's: ${Source}`),
      ...hostConfig.Mounts.filter(({ Target }) => !/^\/(app|srv|var\/lib|run\/secrets)(\/|$)/.test(Target)).map(
        ({ Target }) => `a mount over ${Target}`,
      ),
    ];
  });
}

test('S8 S9 no compose.yaml that is accepted gives a container a right beyond its role', async () => {
  let accepted = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(compose, async (text) => {
      const plan = planOrRefusal(text);
      if (!plan) return void refused++;
      accepted++;
      assert.deepEqual(await furtherRights(plan), []);
    }),
    { numRuns: 400 },
  );
  // Otherwise the property would have said nothing.
  assert.ok(accepted > 20 && refused > 20, `${accepted} accepted, ${refused} refused`);
});

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
  assert.deepEqual(await spoil({}), []);
  assert.match((await spoil({ data: [{ volume: '../../etc', target: '/app/x' }] })).join(), /only named volumes/);
  assert.match((await spoil({ files: [{ folder: 'a', target: '/usr/bin' }] })).join(), /a mount over \/usr\/bin/);
  assert.match((await spoil({ data: [{ volume: 'a', target: '/app/src' }] })).join(), /none of them twice/);
});
