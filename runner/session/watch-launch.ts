import type { Session } from '#contract';
import { ROLES } from '../core/policy/roles.ts';
import type { Engine, Inventory } from '../core/ports/engine.ts';
import type { DeployedService, Launch } from './launch/launch.ts';
import { isOverfull, ROOT } from './launch/overfull.ts';

type Troubles = Session['troubles'];

const LAST_LINES = 12;

/** What a launch was when the engine was asked what there is: an apply may replace services meanwhile. */
export interface Watched {
  readonly launch: Launch;
  readonly services: ReadonlyMap<string, DeployedService>;
}

export const watched = (launch: Launch): Watched => ({ launch, services: new Map(launch.services) });

/** A holder or the workbench is not running: the launch cannot go on. */
export function isLost({ launch }: Watched, { containers }: Inventory): boolean {
  const running = new Set(containers.filter((one) => one.running).map(({ id }) => id));
  return !running.has(launch.workbench) || ![...launch.positions.values()].every(({ holder }) => running.has(holder));
}

/** Services that are not running. What was replaced since the engine was asked is left out. */
export async function findTroubles(engine: Engine, { launch, services }: Watched, found: Inventory): Promise<Troubles> {
  const states = new Map(found.containers.map(({ id, running }) => [id, running]));
  const troubles = await Promise.all(
    [...services].map(async ([service, deployed]) => {
      const { container } = deployed;
      if (states.get(container) === true || launch.services.get(service)?.container !== container) return null;
      if (!states.has(container)) {
        return {
          service,
          state: 'gone' as const,
          message: `The container of ${service} was removed. Apply brings it back.`,
        };
      }
      const ended = await whyEnded(engine, service, deployed);
      const lines = (await engine.logs(container, LAST_LINES).catch(() => '')).trimEnd();
      const said = lines === '' ? 'It printed nothing.' : `Its last lines:\n${lines}`;
      return { service, state: 'crashed' as const, message: `${ended} ${said}` };
    }),
  );
  return troubles.filter((trouble) => trouble !== null);
}

async function whyEnded(engine: Engine, service: string, deployed: DeployedService): Promise<string> {
  if ((await engine.inspectContainer(deployed.container).catch(() => null))?.oomKilled)
    return `${service} ran out of memory and was ended: ${ROLES[deployed.plan.role].memoryMiB} MiB is all it may use.`;
  if (await isOverfull(engine, deployed).catch(() => false))
    return `${service} filled its disk and was ended: ${ROOT.mebibytes} MiB or ${ROOT.entries} files are all it may add. Apply replaces it, without what it wrote.`;
  return `${service} is not running.`;
}
