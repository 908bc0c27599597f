import type { Scenario } from '#contract';
import type { LaunchPlan } from '../../../runner/core/plan/launch-plan.ts';
import type { ContainerSpec, Engine } from '../../../runner/core/ports/engine.ts';
import { launchSecrets } from '../../../runner/core/secrets/launch-secrets.ts';
import { createService, stageService } from '../../../runner/session/launch/deploy-service.ts';

const LAUNCH = '0123456789abcdef';

/** Every container the engine would be asked for when the services of a plan are deployed. */
export async function deployed(plan: LaunchPlan, scenario: Scenario): Promise<ContainerSpec[]> {
  const specs: ContainerSpec[] = [];
  const engine: Pick<Engine, 'createVolume' | 'createContainer' | 'putFiles' | 'removeContainer'> = {
    createVolume: async () => undefined,
    createContainer: async (spec) => `c${specs.push(spec)}`,
    putFiles: async () => undefined,
    removeContainer: async () => undefined,
  };
  // Deploying a service asks the engine for nothing else.
  const deps = {
    engine: engine as Engine,
    image: (name: string) => `drydock/${name}:tag`,
    sandbox: { ipv6: true, appArmor: false },
    owner: 'o1',
    subnets: { reserve: () => '', release: () => undefined },
    clock: () => 0,
  };
  const secrets = launchSecrets(Buffer.alloc(32), LAUNCH, scenario.secrets);
  for (const service of plan.services) {
    const deployment = { launch: LAUNCH, plan: service, workspace: new Map(), secrets, labels: {}, generation: 1 };
    const volumes = await stageService(deps, deployment);
    await createService(deps, deployment, volumes, 'holder');
  }
  return specs;
}
