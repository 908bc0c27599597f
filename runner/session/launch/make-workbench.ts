import { engineName, roleLabels } from '../../core/labels/labels.ts';
import { WORKBENCH } from '../../core/plan/launch-plan.ts';
import { hostConfig, volumeMount } from '../../core/policy/host-config.ts';
import { ROLES } from '../../core/policy/roles.ts';
import type { Labels } from '../../core/ports/engine.ts';
import type { Files } from '../../library/lab.ts';
import type { LaunchDeps } from './launch.ts';
import { packTar } from './pack-tar.ts';

export const HOME = '/home/learner';
export const WORKSPACE = `${HOME}/ferry`;
export const homeVolume = (launch: string) => engineName(launch, 'home');

/** The learner's own machine on the public network, its workspace filled before it starts. */
export async function makeWorkbench(
  deps: LaunchDeps,
  launch: string,
  holder: string,
  workspace: Files,
  labels: Labels,
): Promise<string> {
  const container = await deps.engine.createContainer({
    name: engineName(launch, WORKBENCH),
    image: deps.image('workbench'),
    labels: roleLabels(labels, 'workbench', WORKBENCH),
    command: ['/bin/sleep', 'infinity'],
    env: {},
    user: ROLES.workbench.user,
    workingDir: HOME,
    interactive: false,
    hostConfig: hostConfig('workbench', {
      ...deps.sandbox,
      network: { kind: 'joined', container: holder },
      mounts: [volumeMount(homeVolume(launch), HOME, 'read-write')],
    }),
    endpoints: [],
  });
  await deps.engine.putFiles(container, HOME, await workspaceTar(workspace));
  await deps.engine.startContainer(container);
  return container;
}

async function workspaceTar(workspace: Files): Promise<Buffer> {
  const uid = Number(ROLES.workbench.user.split(':')[0]);
  const folders = new Set<string>(['ferry']);
  for (const path of workspace.keys()) {
    const parts = `ferry/${path}`.split('/');
    for (let depth = 2; depth < parts.length; depth++) folders.add(parts.slice(0, depth).join('/'));
  }
  return packTar(
    [...workspace].map(([path, bytes]) => ({ path: `ferry/${path}`, bytes, uid, mode: 0o644 })),
    [...folders].sort().map((path) => ({ path, uid })),
  );
}
