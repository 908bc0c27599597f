import type { ContainerSpec } from '../../core/ports/engine.ts';
import { DEADLINE } from './call.ts';
import type { Client } from './client.ts';
import { dial } from './dial.ts';
import { isRefusal } from './errors.ts';
import { removeContainer } from './remove-container.ts';

/** Creates it on all its networks, or not at all. */
export async function createContainer(client: Client, spec: ContainerSpec): Promise<string> {
  const id = await client.call(
    `create the container ${spec.name} from ${spec.image}`,
    { deadline: DEADLINE.make },
    async (abortSignal) => {
      // Sent as a body alone: as plain options everything would stand in the address as well.
      const options = { _query: { name: spec.name }, _body: createBody(spec), abortSignal };
      const container = await client.docker.createContainer(
        options as Parameters<typeof client.docker.createContainer>[0],
      );
      return container.id;
    },
  );
  try {
    for (const endpoint of spec.endpoints.slice(1)) await connect(client, id, spec.name, endpoint);
    return id;
  } catch (error) {
    await removeContainer(client, id).catch(() => undefined);
    throw error;
  }
}

export function createBody(spec: ContainerSpec): Record<string, unknown> {
  const [first] = spec.endpoints;
  return {
    Image: spec.image,
    // A given command is the whole argv, whatever entry point the image has.
    ...(spec.command.length > 0 ? { Entrypoint: [], Cmd: spec.command } : {}),
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    User: spec.user,
    WorkingDir: spec.workingDir,
    ...(spec.hostname === undefined ? {} : { Hostname: spec.hostname }),
    Labels: spec.labels,
    Tty: false,
    OpenStdin: spec.interactive,
    StdinOnce: spec.interactive,
    AttachStdin: spec.interactive,
    AttachStdout: spec.interactive,
    AttachStderr: spec.interactive,
    StopTimeout: 2,
    HostConfig: spec.hostConfig,
    ...(first ? { NetworkingConfig: { EndpointsConfig: { [first.network]: { Aliases: first.aliases } } } } : {}),
  };
}

/** Engines before API 1.44 take one network at creation; the others follow before the start. */
async function connect(
  client: Client,
  id: string,
  name: string,
  endpoint: ContainerSpec['endpoints'][number],
): Promise<void> {
  const body = { Container: id, EndpointConfig: { Aliases: endpoint.aliases } };
  await client.call(`connect ${name} to the network ${endpoint.network}`, { deadline: DEADLINE.make }, (signal) =>
    dial(client.docker, { method: 'POST', path: `/networks/${endpoint.network}/connect`, body, signal }),
  );
}

export async function startContainer(client: Client, id: string): Promise<void> {
  await client.call(`start the container ${id}`, { deadline: DEADLINE.make }, async (abortSignal) => {
    try {
      await client.docker.getContainer(id).start({ abortSignal });
    } catch (error) {
      if (!isRefusal(error, 304)) throw error;
    }
  });
}

export async function killContainer(client: Client, id: string, signal: string): Promise<void> {
  await client.call(`send ${signal} to the container ${id}`, { deadline: DEADLINE.remove }, (abortSignal) =>
    client.docker.getContainer(id).kill({ signal, abortSignal }),
  );
}
