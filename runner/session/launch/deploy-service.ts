import { runTogether } from '../../core/flow/run-together.ts';
import { deploymentLabels, engineName, LABEL, roleLabels } from '../../core/labels/labels.ts';
import type { ServicePlan } from '../../core/plan/launch-plan.ts';
import { hostConfig, volumeMount } from '../../core/policy/host-config.ts';
import { ROLES } from '../../core/policy/roles.ts';
import type { Labels } from '../../core/ports/engine.ts';
import type { LaunchSecrets } from '../../core/secrets/launch-secrets.ts';
import type { Files } from '../../library/lab.ts';
import { filePaths, filesOf, fingerprint } from './fingerprint.ts';
import type { DeployedService, LaunchDeps } from './launch.ts';
import { packTar, type TarFile } from './pack-tar.ts';

export interface Deployment {
  readonly launch: string;
  readonly plan: ServicePlan;
  readonly workspace: Files;
  readonly secrets: LaunchSecrets;
  readonly labels: Labels;
  readonly generation: number;
}

/** A service's files and secrets in volumes of their own, written through a filer that is never started. */
export async function stageService(deps: LaunchDeps, deployment: Deployment) {
  const { plan, launch, generation } = deployment;
  const labels = deploymentLabels(deployment.labels, plan.name, generation);
  const uid = Number(plan.user.split(':')[0]);
  const files = filesVolumes(deployment);
  const secretsVolume = engineName(launch, plan.name, generation, 'secrets');
  const volumes = [
    ...files.map(({ volume, target }) => ({ volume, target })),
    { volume: secretsVolume, target: '/run/secrets' },
  ];
  await runTogether(
    volumes.map(
      ({ volume }) =>
        () =>
          deps.engine.createVolume({ name: volume, labels }),
    ),
  );
  await fillVolumes(deps, deployment, volumes, [
    ...files.flatMap(tarFiles),
    ...plan.secrets.map((name) => ({
      path: `run/secrets/${name}`,
      bytes: Buffer.from(deployment.secrets[name] ?? ''),
      uid,
      mode: 0o400,
    })),
  ]);
  return volumes;
}

/** The service's folders of the workspace, each with the volume it has in this deployment. */
function filesVolumes({ launch, plan, workspace, generation }: Deployment) {
  return filesOf(plan, workspace).map((folder, index) => ({
    ...folder,
    volume: engineName(launch, plan.name, generation, 'files', index),
  }));
}

const tarFiles = ({ target, files }: ReturnType<typeof filesVolumes>[number]): TarFile[] =>
  files.map(([path, bytes]) => ({ path: `${target.slice(1)}/${path}`, bytes, uid: 0, mode: 0o644 }));

/** Writes a deployment's workspace files over those it has, where its service sees them at once. */
export async function rewriteFiles(deps: LaunchDeps, deployment: Deployment): Promise<void> {
  const files = filesVolumes(deployment);
  await fillVolumes(deps, deployment, files, files.flatMap(tarFiles));
}

/** Puts files into volumes of a deployment, through a container that is never started. */
async function fillVolumes(
  deps: LaunchDeps,
  { launch, plan, labels, generation }: Deployment,
  volumes: readonly { volume: string; target: string }[],
  files: readonly TarFile[],
): Promise<void> {
  const filer = await deps.engine.createContainer({
    name: engineName(launch, plan.name, generation, 'filer'),
    image: deps.image('base'),
    labels: roleLabels(deploymentLabels(labels, plan.name, generation), 'filer', plan.position),
    command: ['/bin/false'],
    env: {},
    user: ROLES.filer.user,
    workingDir: '/',
    interactive: false,
    hostConfig: hostConfig('filer', {
      ...deps.sandbox,
      network: { kind: 'none' },
      mounts: volumes.map(({ volume, target }) => volumeMount(volume, target, 'read-write')),
    }),
    endpoints: [],
  });
  await deps.engine.putFiles(filer, '/', await packTar(files));
  await deps.engine.removeContainer(filer);
}

/** Creates the service's container at its position, without starting it. */
export async function createService(
  deps: LaunchDeps,
  deployment: Deployment,
  volumes: readonly { volume: string; target: string }[],
  holder: string,
): Promise<DeployedService> {
  const { plan, launch, generation } = deployment;
  const labels = deploymentLabels(deployment.labels, plan.name, generation);
  const image = deps.image(plan.image);
  const mark = fingerprint(plan, image, deployment.workspace);
  const container = await deps.engine.createContainer({
    name: engineName(launch, plan.name, generation),
    image,
    labels: { ...roleLabels(labels, plan.role, plan.position), [LABEL.fingerprint]: mark },
    command: plan.command,
    env: plan.environment,
    user: plan.user,
    workingDir: '',
    interactive: false,
    hostConfig: hostConfig(plan.role, {
      ...deps.sandbox,
      network: { kind: 'joined', container: holder },
      mounts: [
        ...volumes.map(({ volume, target }) => volumeMount(volume, target, 'read-only')),
        ...plan.data.map(({ volume, target }) => volumeMount(dataVolume(launch, volume), target, 'read-write')),
      ],
      scratch: plan.scratch,
      confinement: plan.confinement,
    }),
    endpoints: [],
  });
  return { plan, container, fingerprint: mark, generation, files: filePaths(plan, deployment.workspace) };
}

export const dataVolume = (launch: string, volume: string) => engineName(launch, 'data', volume);
