import type { Duplex } from 'node:stream';
import type { ContainerSpec, ExecSpec, NetworkSpec, VolumeSpec } from '../../core/ports/engine.ts';
import type { DockerAddress } from '../connect.ts';
import { client } from '../docker/client.ts';
import { createBody } from '../docker/containers.ts';
import { engineError } from '../docker/errors.ts';
import { hijack } from '../docker/hijack.ts';
import { bridgeOptions } from '../docker/networks.ts';
import { tmpfsOptions } from '../docker/volumes.ts';

/**
 * The engine with nothing of ours in between: no deadlines, retries or turns. Only `bench` uses it, as the bound the
 * same work is measured against. What it is asked for is sent exactly as the port would send it.
 */
export interface RawEngine {
  createNetwork(spec: NetworkSpec): Promise<void>;
  createVolume(spec: VolumeSpec): Promise<void>;
  create(spec: ContainerSpec): Promise<string>;
  start(id: string): Promise<void>;
  putFiles(id: string, path: string, tar: Buffer): Promise<void>;
  remove(id: string): Promise<void>;
  /** Exit code, once it stops. */
  wait(id: string): Promise<number>;
  /** Runs to its end; exit code and what it printed, the stream's frames left in. */
  exec(id: string, spec: ExecSpec): Promise<{ readonly code: number; readonly printed: string }>;
  /** A process on a terminal of its own; bytes both ways. */
  terminal(id: string, spec: ExecSpec): Promise<{ readonly socket: Duplex; readonly head: Buffer }>;
}

export async function rawEngine(address: DockerAddress): Promise<RawEngine> {
  const { docker } = client(address);
  const never = new AbortController().signal;
  const major = Number.parseInt((await docker.version()).Version, 10);

  async function open(id: string, { argv, user }: ExecSpec, tty: boolean) {
    const exec = await docker.getContainer(id).exec({
      Cmd: [...argv],
      User: user,
      Tty: tty,
      AttachStdin: tty,
      AttachStdout: true,
      AttachStderr: true,
    });
    const body = JSON.stringify({ Detach: false, Tty: tty });
    return { exec, ...(await hijack(address, `/exec/${exec.id}/start`, body, never)) };
  }

  /** Failures come out of the catalogue, as the port's do. */
  const told =
    <A extends unknown[], T>(asked: string, run: (...given: A) => Promise<T>) =>
    async (...given: A): Promise<T> => {
      try {
        return await run(...given);
      } catch (error) {
        throw engineError(error, asked, address);
      }
    };

  return {
    createNetwork: told('create a network', async (spec) => {
      await docker.createNetwork({
        Name: spec.name,
        Driver: 'bridge',
        Internal: true,
        IPAM: { Driver: 'default', Config: [{ Subnet: spec.subnet }] },
        Options: bridgeOptions(spec.bridge, major),
        Labels: { ...spec.labels },
      });
    }),
    createVolume: told('create a volume', async ({ name, labels, limit }) => {
      await docker.createVolume({
        Name: name,
        Driver: 'local',
        Labels: { ...labels },
        DriverOpts: limit ? tmpfsOptions(limit) : {},
      });
    }),
    create: told('create a container', async (spec) => {
      const options = { _query: { name: spec.name }, _body: createBody(spec) };
      const { id } = await docker.createContainer(options as Parameters<typeof docker.createContainer>[0]);
      for (const { network, aliases } of spec.endpoints.slice(1))
        await docker.getNetwork(network).connect({ Container: id, EndpointConfig: { Aliases: [...aliases] } });
      return id;
    }),
    start: told('start a container', (id) => docker.getContainer(id).start()),
    putFiles: told('put files into a container', async (id, path, tar) => {
      await docker.getContainer(id).putArchive(tar, { path });
    }),
    remove: told('remove a container', (id) => docker.getContainer(id).remove({ force: true, v: true })),
    wait: told('wait for a container', async (id) => (await docker.getContainer(id).wait()).StatusCode),
    exec: told('run something in a container', async (id, spec) => {
      const { exec, socket, head } = await open(id, spec, false);
      const printed = [head, ...(await socket.toArray())].join('');
      return { code: (await exec.inspect()).ExitCode ?? -1, printed };
    }),
    terminal: told('open a terminal', (id, spec) => open(id, spec, true)),
  };
}
