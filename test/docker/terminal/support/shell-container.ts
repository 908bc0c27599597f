import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { APP, LABEL } from '../../../../runner/core/labels/labels.ts';
import { hostConfig } from '../../../../runner/core/policy/host-config.ts';
import { ROLES } from '../../../../runner/core/policy/roles.ts';
import type { TerminalPlace } from '../../../../runner/core/ports/sessions.ts';
import { DEFAULT_ADDRESS } from '../../../../runner/engine/connect.ts';
import { client } from '../../../../runner/engine/docker/client.ts';
import { dockerEngine } from '../../../../runner/engine/docker/docker-engine.ts';
import { resolveImages } from '../../../../runner/engine/images/resolve-images.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const docker = client(DEFAULT_ADDRESS);
const engine = dockerEngine();

export interface ShellContainer extends AsyncDisposable {
  readonly place: TerminalPlace;
  /** Execs the engine has running in it. */
  execs(): Promise<number>;
  /** Command lines of its processes. */
  processes(): Promise<string[]>;
}

/** A container as the workbench of a launch is one, alone: its image, user and sandbox. */
export async function shellContainer(): Promise<ShellContainer> {
  const image = await resolveImages(ROOT);
  const sandbox = {
    ipv6: existsSync('/proc/sys/net/ipv6'),
    appArmor: existsSync('/sys/kernel/security/apparmor/profiles'),
  };
  const name = `test-terminal-${randomBytes(6).toString('hex')}`;
  const container = await engine.createContainer({
    name,
    image: image('workbench'),
    labels: { [LABEL.app]: APP, [LABEL.owner]: name },
    command: ['/bin/sleep', 'infinity'],
    env: {},
    user: ROLES.workbench.user,
    workingDir: '/',
    interactive: false,
    hostConfig: hostConfig('workbench', { ...sandbox, network: { kind: 'none' }, mounts: [] }),
    endpoints: [],
  });
  await engine.startContainer(container);
  const inspected = docker.docker.getContainer(container);
  return {
    place: {
      engine,
      container,
      user: ROLES.workbench.user,
      shell: ['/bin/bash', '--norc', '--noediting'],
      typed: () => {},
    },
    execs: async () => (await inspected.inspect()).ExecIDs?.length ?? 0,
    async processes() {
      const { Processes } = await inspected.top({ ps_args: '-eo pid,args' });
      return Processes.map((row: string[]) => row.at(-1) ?? '');
    },
    async [Symbol.asyncDispose]() {
      await engine.removeContainer(container);
    },
  };
}
