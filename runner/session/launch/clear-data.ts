import { DrydockError } from '#contract';
import { engineName, launchLabels, roleLabels } from '../../core/labels/labels.ts';
import { hostConfig, volumeMount } from '../../core/policy/host-config.ts';
import { dataVolume } from './deploy-service.ts';
import type { DeployedService, Launch, LaunchDeps } from './launch.ts';

/**
 * Ends a service and empties what it stored, by a container that has its volumes and nothing else. The volumes stay:
 * the position's holder mounts them, so new ones would need new addresses. The service is down until it is replaced.
 */
export async function clearData(deps: LaunchDeps, launch: Launch, { plan, container }: DeployedService): Promise<void> {
  await deps.engine.removeContainer(container);
  const labels = launchLabels({
    id: launch.id,
    session: launch.session,
    lab: launch.lab.id,
    owner: deps.owner,
    clock: deps.clock,
  });
  const targets = plan.data.map(({ volume }, index) => ({ volume, target: `/mnt/${index}` }));
  const cleaner = await deps.engine.createContainer({
    name: engineName(launch.id, plan.name, launch.generation++, 'cleaner'),
    image: deps.image('base'),
    labels: roleLabels(labels, 'cleaner', plan.name),
    command: ['/usr/bin/find', ...targets.map(({ target }) => target), '-mindepth', '1', '-delete'],
    env: {},
    user: plan.user,
    workingDir: '/',
    interactive: false,
    hostConfig: hostConfig('cleaner', {
      ...deps.sandbox,
      network: { kind: 'none' },
      mounts: targets.map(({ volume, target }) => volumeMount(dataVolume(launch.id, volume), target, 'read-write')),
    }),
    endpoints: [],
  });
  try {
    await deps.engine.startContainer(cleaner);
    const code = await deps.engine.waitContainer(cleaner);
    if (code !== 0) {
      const said = await deps.engine.logs(cleaner, 5).catch(() => '');
      throw new DrydockError('engine-refused', `The data of ${plan.name} could not be cleared: ${said.trim()}`);
    }
  } finally {
    await deps.engine.removeContainer(cleaner);
  }
}
