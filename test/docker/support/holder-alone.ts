import { randomBytes } from 'node:crypto';
import { type HostConfig, hostConfig } from '../../../runner/core/policy/host-config.ts';
import { ROLES } from '../../../runner/core/policy/roles.ts';
import type { Course } from './course.ts';

/** A running holder without a launch or a network. */
export async function holderAlone({ docker, deps, extras, owner }: Course, spoiled: Partial<HostConfig> = {}) {
  const sound = hostConfig('holder', { ...deps.sandbox, network: { kind: 'none' }, mounts: [] });
  const id = await docker.createContainer({
    name: `${owner}-holder-${randomBytes(3).toString('hex')}`,
    image: deps.image('base'),
    labels: extras,
    command: ['/bin/sleep', 'infinity'],
    env: {},
    user: ROLES.holder.user,
    workingDir: '/',
    interactive: false,
    hostConfig: { ...sound, ...spoiled },
    endpoints: [],
  });
  await docker.startContainer(id);
  return id;
}
