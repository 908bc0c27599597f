import { runTogether } from '../../core/flow/run-together.ts';
import { LABEL, launchLabels } from '../../core/labels/labels.ts';
import { type PositionPlan, type ServicePlan, WORKBENCH } from '../../core/plan/launch-plan.ts';
import type { Labels } from '../../core/ports/engine.ts';
import { createService, dataVolume, stageService } from './deploy-service.ts';
import type { DeployedService, Launch, LaunchDeps, LaunchRequest, Position } from './launch.ts';
import { makeNetworks } from './make-networks.ts';
import { makePosition } from './make-position.ts';
import { homeVolume, makeWorkbench } from './make-workbench.ts';
import { removeLabelled } from './remove-launch.ts';
import { READY_SECONDS, waitReady } from './wait-ready.ts';

const HOME_LIMIT = { bytes: 256 * 1024 * 1024, inodes: 50_000 };

/**
 * Makes a launch. When any step fails, everything made so far is removed before the failure is thrown, so a start
 * that fails leaves nothing, unless the engine refuses the removal too.
 */
export async function openLaunch(deps: LaunchDeps, request: LaunchRequest): Promise<Launch> {
  const labels = launchLabels({
    id: request.id,
    session: request.session,
    lab: request.lab.id,
    owner: deps.owner,
    clock: deps.clock,
  });
  try {
    return await makeAll(deps, request, labels);
  } catch (error) {
    // The cause is what the learner needs to hear; what cannot be removed now is reaped.
    await removeLabelled(deps.engine, { [LABEL.launch]: request.id }).catch(() => undefined);
    throw error;
  }
}

async function makeAll(deps: LaunchDeps, request: LaunchRequest, labels: Labels): Promise<Launch> {
  const { plan, id } = request;
  const step = stepper(request);
  const networks = step('networks', () => makeNetworks(deps, id, plan.networks, labels));

  async function makeAt(position: PositionPlan, proceed: () => void): Promise<Position> {
    const service = plan.services.find(({ name }) => name === position.name);
    const volumes =
      position.name === WORKBENCH
        ? [{ name: homeVolume(id), limit: HOME_LIMIT }]
        : (service?.data ?? []).map(({ volume, limit }) => ({ name: dataVolume(id, volume), limit }));
    await runTogether(volumes.map((volume) => () => deps.engine.createVolume({ ...volume, labels })));
    const connected = await networks;
    proceed();
    return makePosition(
      deps,
      id,
      position,
      connected,
      volumes.map(({ name }) => name),
      labels,
    );
  }

  async function makeService(
    service: ServicePlan,
    position: Promise<Position>,
    proceed: () => void,
    failed: AbortSignal,
  ): Promise<DeployedService> {
    const deployment = {
      launch: id,
      plan: service,
      workspace: request.deployed,
      secrets: request.secrets,
      labels,
      generation: 1,
    };
    const volumes = await stageService(deps, deployment);
    const { holder } = await position;
    proceed();
    const deployed = await createService(deps, deployment, volumes, holder);
    proceed();
    await deps.engine.startContainer(deployed.container);
    proceed();
    const waited = { name: service.name, container: deployed.container, holder, ready: service.ready };
    await waitReady(deps.engine, waited, READY_SECONDS, failed);
    return deployed;
  }

  const made = new Map<string, DeployedService>();
  let workbench = '';
  const positions = await runTogether<Position>(
    byUrgency(plan.positions, plan.services).map((position) => async (proceed, failed) => {
      const services = plan.services.filter((service) => service.position === position.name);
      const at = makeAt(position, proceed);
      // A service stages its files meanwhile; a holder that fails first is reported when the service joins it.
      at.catch(() => undefined);
      try {
        await runTogether(
          services.map((service) => (proceedHere, failedHere) => {
            const proceedBoth = () => {
              proceed();
              proceedHere();
            };
            return step(service.name, async () =>
              made.set(
                service.name,
                await makeService(service, at, proceedBoth, AbortSignal.any([failed, failedHere])),
              ),
            );
          }),
        );
        if (position.name === WORKBENCH) {
          await step(WORKBENCH, async () => {
            const { holder } = await at;
            proceed();
            workbench = await makeWorkbench(deps, id, holder, request.workspace, labels);
          });
        }
      } finally {
        // A holder still on its way would come after the clean-up and stay.
        await at.catch(() => undefined);
      }
      return at;
    }),
  );
  return {
    id,
    session: request.session,
    lab: request.lab,
    node: deps.engine.node,
    secrets: request.secrets,
    positions: new Map(positions.map((position) => [position.name, position])),
    services: made,
    workbench,
    plan,
    generation: 2,
  };
}

/** What takes longest to come up is started first: databases, then services, then the rest. */
function byUrgency(positions: readonly PositionPlan[], services: readonly ServicePlan[]): PositionPlan[] {
  const rank = (position: PositionPlan) => {
    const service = services.find(({ name }) => name === position.name);
    if (!service) return position.name === WORKBENCH ? 1 : 3;
    return service.role === 'database' || service.role === 'broker' ? 0 : 2;
  };
  return [...positions].sort((a, b) => rank(a) - rank(b));
}

function stepper(request: LaunchRequest) {
  return async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    request.onStep(name, 'running');
    try {
      const result = await work();
      request.onStep(name, 'done');
      return result;
    } catch (error) {
      request.onStep(name, 'failed');
      throw error;
    }
  };
}
