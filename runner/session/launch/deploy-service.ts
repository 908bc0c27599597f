import { runTogether } from '../../core/flow/run-together.ts';
import { deploymentLabels, engineName, LABEL, roleLabels } from '../../core/labels/labels.ts';
import type { ServicePlan } from '../../core/plan/launch-plan.ts';
import { hostConfig, volumeMount } from '../../core/policy/host-config.ts';
import { ROLES } from '../../core/policy/roles.ts';
import type { Labels } from '../../core/ports/engine.ts';
import type { LaunchSecrets } from '../../core/secrets/launch-secrets.ts';
import type { Files } from '../../library/lab.ts';
import { filesOf, fingerprint } from './fingerprint.ts';
import type { DeployedService, LaunchDeps } from './launch.ts';
import { packTar } from './pack-tar.ts';

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
  const folders = filesOf(plan, deployment.workspace);
  const uid = Number(ROLES[plan.role].user.split(':')[0]);
  const files = folders.map((folder, index) => ({
    ...folder,
    volume: engineName(launch, plan.name, generation, 'files', index),
  }));
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
  const filer = await deps.engine.createContainer({
    name: engineName(launch, plan.name, generation, 'filer'),
    image: deps.image('base'),
    labels: roleLabels(labels, 'filer', plan.name),
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
  const tar = await packTar([
    ...files.flatMap(({ target, files: entries }) =>
      entries.map(([path, bytes]) => ({ path: `${target.slice(1)}/${path}`, bytes, uid: 0, mode: 0o644 })),
    ),
    ...plan.secrets.map((name) => ({
      path: `run/secrets/${name}`,
      bytes: Buffer.from(deployment.secrets[name] ?? ''),
      uid,
      mode: 0o400,
    })),
  ]);
  await deps.engine.putFiles(filer, '/', tar);
  await deps.engine.removeContainer(filer);
  return volumes;
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
    labels: { ...roleLabels(labels, plan.role, plan.name), [LABEL.fingerprint]: mark },
    command: plan.command,
    env: plan.environment,
    user: ROLES[plan.role].user,
    workingDir: '',
    interactive: false,
    hostConfig: hostConfig(plan.role, {
      ...deps.sandbox,
      network: { kind: 'joined', container: holder },
      mounts: [
        ...volumes.map(({ volume, target }) => volumeMount(volume, target, 'read-only')),
        ...plan.data.map(({ volume, target }) => volumeMount(dataVolume(launch, volume), target, 'read-write')),
      ],
    }),
    endpoints: [],
  });
  return { plan, container, fingerprint: mark, generation };
}

export const dataVolume = (launch: string, volume: string) => engineName(launch, 'data', volume);
