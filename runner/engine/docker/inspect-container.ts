import type Docker from 'dockerode';
import type { ContainerState } from '../../core/ports/engine.ts';
import { DEADLINE } from './call.ts';
import type { Client } from './client.ts';
import { isRefusal } from './errors.ts';

export async function inspectContainer(client: Client, id: string): Promise<ContainerState | null> {
  const info = await inspectRaw(client, id);
  return info && containerState(info);
}

/** The engine's own report, or null when it knows no such container. */
export async function inspectRaw(client: Client, id: string): Promise<Docker.ContainerInspectInfo | null> {
  return client.call(
    `inspect the container ${id}`,
    { deadline: DEADLINE.ask, idempotent: true },
    async (abortSignal) => {
      try {
        return await client.docker.getContainer(id).inspect({ abortSignal });
      } catch (error) {
        if (isRefusal(error, 404)) return null;
        throw error;
      }
    },
  );
}

function containerState(info: Docker.ContainerInspectInfo): ContainerState {
  const { State: state } = info;
  const ended = state.Status === 'exited' || state.Status === 'dead';
  return {
    id: info.Id,
    name: info.Name.replace(/^\//, ''),
    running: state.Running,
    exitCode: ended ? state.ExitCode : null,
    oomKilled: state.OOMKilled,
    restarts: info.RestartCount,
    labels: info.Config.Labels ?? {},
    addresses: addresses(info),
    hostConfig: { ...info.HostConfig },
    user: info.Config.User,
    image: info.Config.Image,
  };
}

function addresses(info: Docker.ContainerInspectInfo): Record<string, string> {
  const networks = Object.entries(info.NetworkSettings?.Networks ?? {});
  return Object.fromEntries(networks.flatMap(([name, { IPAddress }]) => (IPAddress ? [[name, IPAddress]] : [])));
}
