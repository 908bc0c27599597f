import { runTogether } from '../../core/flow/run-together.ts';
import { bridgeName, engineName } from '../../core/labels/labels.ts';
import type { Labels } from '../../core/ports/engine.ts';
import type { LaunchDeps } from './launch.ts';

/** Makes the launch's internal networks side by side. Returns lab network name → engine network name. */
export async function makeNetworks(deps: LaunchDeps, launch: string, networks: readonly string[], labels: Labels) {
  const inUse = await deps.engine.subnets();
  const made = await runTogether(
    networks.map((network, index) => async () => {
      const name = engineName(launch, 'net', network);
      const subnet = deps.subnets.reserve(inUse);
      // Only a reservation against others who reserve before the engine shows it: afterwards the engine knows.
      try {
        await deps.engine.createNetwork({ name, subnet, bridge: bridgeName(launch, index), labels });
      } finally {
        deps.subnets.release(subnet);
      }
      return [network, name] as const;
    }),
  );
  return new Map(made);
}
