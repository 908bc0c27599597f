import { DrydockError } from '#contract';
import { runTogether } from '../../core/flow/run-together.ts';
import { deploymentLabels, generationOf, LABEL, launchLabels } from '../../core/labels/labels.ts';
import type { LaunchPlan, ServicePlan } from '../../core/plan/launch-plan.ts';
import { planLaunch } from '../../core/plan/plan-launch.ts';
import type { Files } from '../../library/lab.ts';
import { createService, type Deployment, stageService } from './deploy-service.ts';
import { fingerprint } from './fingerprint.ts';
import type { DeployedService, Launch, LaunchDeps } from './launch.ts';
import { removeLabelled } from './remove-launch.ts';
import { waitReady } from './wait-ready.ts';

/**
 * Deploys a workspace onto a running launch: validates it, then replaces only the services that changed. Their
 * positions stay, so addresses and data do. Returns the names of the services replaced. Throws `invalid-file` before
 * anything is touched, or `service-not-ready` after a replacement that does not come up.
 */
export async function applyWorkspace(deps: LaunchDeps, launch: Launch, workspace: Files): Promise<string[]> {
  const compose = workspace.get('compose.yaml');
  if (!compose) {
    throw new DrydockError('invalid-file', 'compose.yaml is missing from the workspace.', {
      at: [{ file: 'compose.yaml', line: 1, column: 1, message: 'the file is missing; a reset brings it back' }],
    });
  }
  const plan = planLaunch(launch.lab.scenario, compose.toString('utf8'));
  refuseMovedPositions(launch.plan, plan);
  const changed = plan.services.filter(
    (service) =>
      launch.services.get(service.name)?.fingerprint !== fingerprint(service, deps.image(service.image), workspace),
  );
  launch.plan = plan;
  await runTogether(changed.map((service) => () => replaceService(deps, launch, service, workspace)));
  return changed.map(({ name }) => name);
}

/** Networks are made with the launch; a workspace that moves a service needs a new launch. */
function refuseMovedPositions(before: LaunchPlan, after: LaunchPlan): void {
  const shape = (plan: LaunchPlan) =>
    JSON.stringify([
      [...plan.networks].sort(),
      plan.positions.map(({ name, networks }) => [name, networks.map(({ network }) => network).sort()]).sort(),
      plan.services.map(({ name, data }) => [name, data]).sort(),
    ]);
  if (shape(before) === shape(after)) return;
  throw new DrydockError(
    'invalid-file',
    'compose.yaml changes networks or data volumes, which are made when the lab opens. Nothing was changed.',
    { hint: 'Put the networks and volumes back as they were; files, commands, environment and secrets can change.' },
  );
}

async function replaceService(deps: LaunchDeps, launch: Launch, plan: ServicePlan, workspace: Files): Promise<void> {
  const before = launch.services.get(plan.name);
  const position = launch.positions.get(plan.name);
  if (!before || !position) throw new Error(`service ${plan.name} is not part of this launch`);
  const labels = launchLabels({
    id: launch.id,
    session: launch.session,
    lab: launch.lab.id,
    owner: deps.owner,
    clock: deps.clock,
  });
  const deployment = {
    launch: launch.id,
    plan,
    workspace,
    secrets: launch.secrets,
    labels,
    generation: launch.generation++,
  };
  const made = await prepare(deps, deployment, position.holder);
  // Until it has been seen ready nobody knows what runs, so the next apply replaces it, whatever the files are then.
  launch.services.set(plan.name, { ...before, fingerprint: '' });
  try {
    // The old one must let go of its port first; until then it keeps serving.
    await deps.engine.removeContainer(before.container);
    launch.services.set(plan.name, { ...made, fingerprint: '' });
    await deps.engine.startContainer(made.container);
    await waitReady(deps.engine, {
      name: plan.name,
      container: made.container,
      holder: position.holder,
      ready: plan.ready,
    });
    launch.services.set(plan.name, made);
  } catch (error) {
    throw unsettled(plan.name, error);
  } finally {
    await removeOthers(deps, launch, plan.name).catch(() => undefined);
  }
}

/** A failure half-way through a replacement: the error says what may be the case now. */
function unsettled(service: string, error: unknown): unknown {
  if (!(error instanceof DrydockError) || error.name === 'service-not-ready') return error;
  return new DrydockError(
    error.name,
    `${error.message} ${service} was being replaced and may not be running; apply again to bring it up.`,
    { cause: error, hint: 'Apply again. If that fails as well, run "./drydock doctor".' },
  );
}

/**
 * Removes what earlier deployments of a service left, those that failed included. What cannot be removed now is
 * removed with the next one, or with the launch.
 */
async function removeOthers(deps: LaunchDeps, launch: Launch, service: string): Promise<void> {
  const current = launch.services.get(service)?.generation;
  const { containers, volumes } = await deps.engine.list({ [LABEL.launch]: launch.id });
  const made = new Set([...containers, ...volumes].map(({ labels }) => generationOf(service, labels)));
  for (const generation of made) {
    if (generation !== null && generation !== current) await removeDeployment(deps, launch.id, service, generation);
  }
}

/** Everything of the new deployment but its start; nothing of it stays when it fails. */
async function prepare(deps: LaunchDeps, deployment: Deployment, holder: string): Promise<DeployedService> {
  try {
    return await createService(deps, deployment, await stageService(deps, deployment), holder);
  } catch (error) {
    await removeDeployment(deps, deployment.launch, deployment.plan.name, deployment.generation).catch(() => undefined);
    throw error;
  }
}

async function removeDeployment(deps: LaunchDeps, launch: string, service: string, generation: number): Promise<void> {
  await removeLabelled(deps.engine, deploymentLabels({ [LABEL.launch]: launch }, service, generation));
}
