import { engineName, roleLabels } from '../../core/labels/labels.ts';
import type { PositionPlan } from '../../core/plan/launch-plan.ts';
import { hostConfig, volumeMount } from '../../core/policy/host-config.ts';
import { ROLES } from '../../core/policy/roles.ts';
import type { Labels } from '../../core/ports/engine.ts';
import type { LaunchDeps, Position } from './launch.ts';

/**
 * Starts the holder that owns a position's network namespace. It also mounts the position's data volumes, read-only:
 * a tmpfs volume lives as long as something mounts it, so the data outlives a replaced service.
 */
export async function makePosition(
  deps: LaunchDeps,
  launch: string,
  plan: PositionPlan,
  networks: ReadonlyMap<string, string>,
  volumes: readonly string[],
  labels: Labels,
): Promise<Position> {
  const [first] = plan.networks;
  if (!first) throw new Error(`position ${plan.name} is on no network`);
  const endpoints = plan.networks.map(({ network, aliases }) => ({
    network: networks.get(network) ?? network,
    aliases,
  }));
  const holder = await deps.engine.createContainer({
    name: engineName(launch, 'at', plan.name),
    image: deps.image('base'),
    labels: roleLabels(labels, 'holder', plan.name),
    command: ['/bin/sleep', 'infinity'],
    env: {},
    user: ROLES.holder.user,
    workingDir: '/',
    interactive: false,
    hostname: plan.name,
    hostConfig: hostConfig('holder', {
      ...deps.sandbox,
      network: { kind: 'own', network: networks.get(first.network) ?? first.network },
      mounts: volumes.map((volume, index) => volumeMount(volume, `/mnt/${index}`, 'read-only')),
    }),
    endpoints,
  });
  await deps.engine.startContainer(holder);
  const state = await deps.engine.inspectContainer(holder);
  return {
    name: plan.name,
    holder,
    addresses: Object.fromEntries(
      plan.networks.map(({ network }) => [network, state?.addresses[networks.get(network) ?? network] ?? '']),
    ),
  };
}
