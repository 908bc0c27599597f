import { engineName, generationOf, LABEL } from '../../core/labels/labels.ts';
import { type LaunchPlan, type PositionPlan, type ServicePlan, WORKBENCH } from '../../core/plan/launch-plan.ts';
import type { Role } from '../../core/policy/roles.ts';
import type { Engine, Inventory, Owned } from '../../core/ports/engine.ts';
import type { LaunchSecrets } from '../../core/secrets/launch-secrets.ts';
import type { Files, Lab } from '../../library/lab.ts';
import { filePaths, fingerprint } from './fingerprint.ts';
import type { DeployedService, Launch, Position } from './launch.ts';
import { isNote, notedFingerprint } from './reload-service.ts';

type Container = Inventory['containers'][number];

export interface Adoption {
  readonly id: string;
  readonly session: string;
  readonly lab: Lab;
  readonly plan: LaunchPlan;
  readonly secrets: LaunchSecrets;
  /** The files it was last deployed with whole. */
  readonly deployed: Files;
  readonly image: (name: string) => string;
  /** Everything with the launch's label. */
  readonly inventory: Inventory;
}

/**
 * A launch made by a runner that is no more, found again by its labels. null when a position or the workbench is
 * not running: then it cannot go on. A service that is not as it was deployed has no fingerprint, and one that is gone
 * is left out, so that the next apply brings them up; one that the plan does not have, as an apply that was cut short
 * may leave it, is removed.
 */
export async function adoptLaunch(engine: Engine, adoption: Adoption): Promise<Launch | null> {
  const { plan, id } = adoption;
  const { containers, volumes } = adoption.inventory;
  const at = (role: Role, position: string) =>
    containers.filter(({ labels }) => labels[LABEL.role] === role && labels[LABEL.position] === position);

  const workbench = at('workbench', WORKBENCH).find(({ running }) => running);
  const positions = await Promise.all(
    plan.positions.map((position) => adoptPosition(engine, id, position, at('holder', position.name))),
  );
  const services = plan.services.map((service) => adoptService(service, adoption));
  if (!workbench || !positions.every((one) => one !== null)) return null;
  await Promise.all(unplanned(adoption).map((container) => engine.removeContainer(container.id)));
  const numbers = [
    ...containers.map(({ labels }) => labels[LABEL.deployment] ?? ''),
    // A deployment cut short may be no more than its volumes, whose files must not get into the next one.
    ...volumes.map(({ labels }) => labels[LABEL.deployment] ?? ''),
    ...volumes.filter(isNote).map(({ name }) => name),
  ].map((text) => Number(/\d+$/.exec(text)?.[0] ?? 0));
  return {
    id,
    session: adoption.session,
    lab: adoption.lab,
    node: engine.node,
    secrets: adoption.secrets,
    positions: new Map(positions.map((position) => [position.name, position])),
    services: new Map(services.flatMap((service) => (service ? [[service.plan.name, service] as const] : []))),
    workbench: workbench.id,
    plan,
    generation: Math.max(1, ...numbers) + 1,
  };
}

/** Deployed services whose names the plan does not have. */
function unplanned({ plan, inventory }: Adoption): Container[] {
  return inventory.containers.filter(
    ({ labels }) => labels[LABEL.deployment] && !plan.services.some(({ name }) => generationOf(name, labels) !== null),
  );
}

async function adoptPosition(
  engine: Engine,
  launch: string,
  plan: PositionPlan,
  holders: readonly Container[],
): Promise<Position | null> {
  const holder = holders.find(({ running }) => running);
  const state = holder && (await engine.inspectContainer(holder.id));
  if (!state) return null;
  return {
    name: plan.name,
    holder: state.id,
    addresses: Object.fromEntries(
      plan.networks.map(({ network }) => [network, state.addresses[engineName(launch, 'net', network)] ?? '']),
    ),
  };
}

/** Of several deployments the newest that runs: the others are what an apply that was cut short left. */
function adoptService(plan: ServicePlan, { inventory, deployed, image }: Adoption): DeployedService | null {
  const generation = ({ labels }: Owned) => generationOf(plan.name, labels) ?? 0;
  const deployments = inventory.containers.filter((one) => one.labels[LABEL.role] === plan.role && generation(one) > 0);
  const [best] = deployments.sort((a, b) => Number(b.running) - Number(a.running) || generation(b) - generation(a));
  if (!best) return null;
  const settled = best.running && deployments.length === 1;
  const notes = inventory.volumes.filter((volume) => isNote(volume) && generation(volume) === generation(best));
  const mark = settled ? notedFingerprint(best.labels[LABEL.fingerprint] ?? '', notes) : '';
  // Which files it has is known only where they are those of the snapshot.
  const known = mark === fingerprint(plan, image(plan.image), deployed);
  return {
    plan,
    container: best.id,
    fingerprint: mark,
    generation: generation(best),
    files: known ? filePaths(plan, deployed) : null,
  };
}
