import { DrydockError } from '#contract';
import { runTogether } from '../../core/flow/run-together.ts';
import { deploymentLabels, generationOf, LABEL, launchLabels } from '../../core/labels/labels.ts';
import type { ServicePlan } from '../../core/plan/launch-plan.ts';
import type { Labels } from '../../core/ports/engine.ts';
import type { Files } from '../../library/lab.ts';
import { createService, stageService } from './deploy-service.ts';
import type { DeployedService, Launch, LaunchDeps, Position } from './launch.ts';
import { removeLabelled } from './remove-launch.ts';
import { waitReady } from './wait-ready.ts';

/**
 * Puts new containers in the place of services' old ones, or where there were none, at the positions they join, and
 * takes away those that are `gone`. Where several share a position all old ones let go of their ports before a new one
 * starts. Throws `service-not-ready` when one does not come up; what then runs counts as unknown.
 */
export async function replaceServices(
  deps: LaunchDeps,
  launch: Launch,
  plans: readonly ServicePlan[],
  gone: readonly string[],
  workspace: Files,
): Promise<void> {
  const names = [...plans.map(({ name }) => name), ...gone];
  const made = await prepareAll(deps, launch, plans, workspace);
  // Until it has been seen ready nobody knows what runs, so the next apply replaces it, whatever the files are then.
  for (const name of names) {
    const before = launch.services.get(name);
    if (before) launch.services.set(name, { ...before, fingerprint: '' });
  }
  try {
    // Until here the old ones kept serving.
    await runTogether(names.map((name) => () => unsettled(name, () => removeOld(deps, launch, name))));
    for (const name of gone) launch.services.delete(name);
    for (const service of made) launch.services.set(service.plan.name, { ...service, fingerprint: '' });
    await runTogether(made.map((service) => () => unsettled(service.plan.name, () => startNew(deps, launch, service))));
  } finally {
    // What cannot be removed now is removed with the next one, or with the launch.
    for (const name of names) await removeAllBut(deps, launch, name).catch(() => undefined);
  }
}

async function removeOld({ engine }: LaunchDeps, { services }: Launch, name: string): Promise<void> {
  const before = services.get(name);
  if (before) await engine.removeContainer(before.container);
}

async function startNew({ engine }: LaunchDeps, launch: Launch, service: DeployedService): Promise<void> {
  const { plan, container } = service;
  await engine.startContainer(container);
  await waitReady(engine, {
    name: plan.name,
    container,
    holder: positionOf(launch, plan).holder,
    ready: plan.ready,
  });
  launch.services.set(plan.name, service);
}

export function positionOf({ positions }: Launch, plan: ServicePlan): Position {
  const position = positions.get(plan.position);
  if (!position) throw new Error(`position ${plan.position} is not part of this launch`);
  return position;
}

export const labelsOf = (deps: LaunchDeps, launch: Launch): Labels =>
  launchLabels({
    id: launch.id,
    session: launch.session,
    lab: launch.lab.id,
    owner: deps.owner,
    clock: deps.clock,
  });

/** A failure half-way through a replacement: the error says what may be the case now. */
async function unsettled(service: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DrydockError) || error.name === 'service-not-ready') throw error;
    throw new DrydockError(
      error.name,
      `${error.message} ${service} was being replaced and may not be running; apply again to bring it up.`,
      { cause: error, hint: 'Apply again. If that fails as well, run "./drydock doctor".' },
    );
  }
}

/** Removes what deployments of a service left, those that failed included, but for the one that is in its place. */
async function removeAllBut(deps: LaunchDeps, launch: Launch, service: string): Promise<void> {
  const current = launch.services.get(service)?.generation;
  const { containers, volumes } = await deps.engine.list({ [LABEL.launch]: launch.id });
  const made = new Set([...containers, ...volumes].map(({ labels }) => generationOf(service, labels)));
  for (const generation of made) {
    if (generation !== null && generation !== current) await removeDeployment(deps, launch.id, service, generation);
  }
}

/** Everything of the new deployments but their start; nothing of them stays when one fails. */
async function prepareAll(
  deps: LaunchDeps,
  launch: Launch,
  plans: readonly ServicePlan[],
  workspace: Files,
): Promise<DeployedService[]> {
  const deployments = plans.map((plan) => ({
    launch: launch.id,
    plan,
    workspace,
    secrets: launch.secrets,
    labels: labelsOf(deps, launch),
    generation: launch.generation++,
  }));
  try {
    return await runTogether(
      deployments.map((deployment) => async () => {
        const volumes = await stageService(deps, deployment);
        return createService(deps, deployment, volumes, positionOf(launch, deployment.plan).holder);
      }),
    );
  } catch (error) {
    for (const { plan, generation } of deployments)
      await removeDeployment(deps, launch.id, plan.name, generation).catch(() => undefined);
    throw error;
  }
}

async function removeDeployment(deps: LaunchDeps, launch: string, service: string, generation: number): Promise<void> {
  await removeLabelled(deps.engine, deploymentLabels({ [LABEL.launch]: launch }, service, generation));
}
