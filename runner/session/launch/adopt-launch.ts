import { engineName, generationOf, LABEL } from '../../core/labels/labels.ts';
import { type LaunchPlan, type PositionPlan, type ServicePlan, WORKBENCH } from '../../core/plan/launch-plan.ts';
import type { Role } from '../../core/policy/roles.ts';
import type { Engine, Inventory } from '../../core/ports/engine.ts';
import type { LaunchSecrets } from '../../core/secrets/launch-secrets.ts';
import type { Lab } from '../../library/lab.ts';
import type { DeployedService, Launch, Position } from './launch.ts';

type Container = Inventory['containers'][number];

export interface Adoption {
  readonly id: string;
  readonly session: string;
  readonly lab: Lab;
  readonly plan: LaunchPlan;
  readonly secrets: LaunchSecrets;
  /** Everything with the launch's label. */
  readonly inventory: Inventory;
}

/**
 * A launch made by a runner that is no more, found again by its labels. null when a position or the workbench is
 * not running: then it cannot go on. A service that is not as it was deployed has no fingerprint, so that the next
 * apply replaces it.
 */
export async function adoptLaunch(engine: Engine, adoption: Adoption): Promise<Launch | null> {
  const { plan, id } = adoption;
  const { containers } = adoption.inventory;
  const at = (role: Role, position: string) =>
    containers.filter(({ labels }) => labels[LABEL.role] === role && labels[LABEL.position] === position);

  const workbench = at('workbench', WORKBENCH).find(({ running }) => running);
  const positions = await Promise.all(
    plan.positions.map((position) => adoptPosition(engine, id, position, at('holder', position.name))),
  );
  const services = plan.services.map((service) => adoptService(service, at(service.role, service.name)));
  if (!workbench || !positions.every((one) => one !== null) || !services.every((one) => one !== null)) return null;
  const generations = containers.map(({ labels }) => Number(/\d+$/.exec(labels[LABEL.deployment] ?? '')?.[0] ?? 0));
  return {
    id,
    session: adoption.session,
    lab: adoption.lab,
    node: engine.node,
    secrets: adoption.secrets,
    positions: new Map(positions.map((position) => [position.name, position])),
    services: new Map(services.map((service) => [service.plan.name, service])),
    workbench: workbench.id,
    plan,
    generation: Math.max(1, ...generations) + 1,
  };
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
function adoptService(plan: ServicePlan, deployments: readonly Container[]): DeployedService | null {
  const generation = ({ labels }: Container) => generationOf(plan.name, labels) ?? 0;
  const [best] = [...deployments].sort(
    (a, b) => Number(b.running) - Number(a.running) || generation(b) - generation(a),
  );
  if (!best) return null;
  const settled = best.running && deployments.length === 1;
  return {
    plan,
    container: best.id,
    fingerprint: settled ? (best.labels[LABEL.fingerprint] ?? '') : '',
    generation: generation(best),
  };
}
