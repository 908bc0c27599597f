import { DrydockError } from '#contract';
import { type DockerAddress, describeAddress } from '../../engine/connect.ts';
import { type EngineState, OLDEST_ENGINE } from './ask-engine.ts';
import type { Machine } from './read-machine.ts';

export const ENGINE_PACKAGES = ['docker.io', 'iptables', 'ca-certificates'] as const;
const INSTALL = `apt-get update && apt-get install -y --no-install-recommends ${ENGINE_PACKAGES.join(' ')}`;

interface Where {
  readonly address: DockerAddress;
  readonly given: boolean;
}

/** Why there is no engine to work with, and the one thing to do about it. */
export function engineProblem(
  state: Exclude<EngineState, { kind: 'ready' }>,
  machine: Machine,
  where: Where,
): DrydockError {
  const { message, hint } = words(state, machine, where);
  return new DrydockError('environment', message, { hint });
}

function words(state: Exclude<EngineState, { kind: 'ready' }>, machine: Machine, where: Where) {
  const place = describeAddress(where.address);
  switch (state.kind) {
    case 'denied':
      return {
        message: `${machine.user} may not open ${place}, so the container engine cannot be used.`,
        hint: `Run: sudo usermod -aG docker ${machine.user}   Then sign out and in again, and run npm start.`,
      };
    case 'too-old':
      return {
        message: `The container engine at ${place} is version ${state.version}; Drydock needs ${OLDEST_ENGINE} or newer.`,
        hint: 'Update Docker Engine (https://docs.docker.com/engine/install/), then run npm start.',
      };
    case 'no-answer':
      return {
        message: `Something listens at ${place}, but it is no use as a container engine: ${state.reason}.`,
        hint: restartHint(machine, where),
      };
    case 'nothing-there':
      if (where.given) {
        return {
          message: `DOCKER_HOST says the container engine is at ${place}, and nothing answers there.`,
          hint: "Start that engine, or unset DOCKER_HOST to use this machine's own; then run npm start.",
        };
      }
      return machine.engineInstalled ? stopped(place, machine) : absent(machine);
  }
}

function stopped(place: string, machine: Machine) {
  return {
    message: `The container engine is installed but not running: nothing answers at ${place}.`,
    hint: `Run: ${startCommand(machine)}   Then run npm start.`,
  };
}

function absent(machine: Machine) {
  if (!machine.debian) {
    return {
      message: `There is no container engine here. Drydock installs one by itself on Debian and Ubuntu only; this is ${machine.system}.`,
      hint: 'Install Docker Engine 20.10 or newer (https://docs.docker.com/engine/install/), start it, then run npm start.',
    };
  }
  return {
    message: `There is no container engine here, and ${machine.user} may not install one: that takes root.`,
    hint: `Run: sudo sh -c '${INSTALL} && usermod -aG docker ${machine.user}'   Then sign out and in again, and run npm start.`,
  };
}

function restartHint(machine: Machine, where: Where): string {
  if (where.given) return 'Check DOCKER_HOST, then run npm start.';
  return machine.systemd
    ? 'Run: sudo systemctl restart docker   Then run npm start.'
    : 'Restart dockerd, then run npm start.';
}

function startCommand(machine: Machine): string {
  if (machine.systemd) return 'sudo systemctl start docker';
  return machine.root ? 'dockerd' : "sudo sh -c 'dockerd > /var/log/dockerd.log 2>&1 &'";
}
