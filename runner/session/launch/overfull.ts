import { confine } from '../../core/policy/confine.ts';
import { ROLES } from '../../core/policy/roles.ts';
import type { Engine } from '../../core/ports/engine.ts';
import type { DeployedService } from './launch.ts';

const MIB = 1024 * 1024;
/** What a service may add to its own root file system, which no engine can limit everywhere: MiB, and files and folders. */
export const ROOT = { mebibytes: 256, entries: 50_000 } as const;

/** Whether a service has written more into its own root file system than it may; never where that is read-only. */
export async function isOverfull(engine: Engine, { container, plan }: DeployedService): Promise<boolean> {
  if (confine(ROLES[plan.role], plan.confinement).readOnlyRoot) return false;
  const { bytes, entries } = await engine.written(container);
  return bytes > ROOT.mebibytes * MIB || entries > ROOT.entries;
}

/** Ends the services that are; what they wrote goes with the container, when it is replaced. */
export async function endOverfull(engine: Engine, services: readonly DeployedService[]): Promise<void> {
  await Promise.all(
    services.map(async (service) => {
      if (await isOverfull(engine, service)) await engine.killContainer(service.container, 'SIGKILL');
    }),
  );
}
