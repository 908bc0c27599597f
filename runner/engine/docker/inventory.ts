import type Docker from 'dockerode';
import type { EngineFacts, Inventory, Labels } from '../../core/ports/engine.ts';
import { DEADLINE } from './call.ts';
import type { Client } from './client.ts';
import { dial } from './dial.ts';
import { isRefusal } from './errors.ts';

interface Info {
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly SecurityOptions?: readonly string[] | null;
}

const ask = { deadline: DEADLINE.ask, idempotent: true } as const;

export async function list(client: Client, labels: Labels): Promise<Inventory> {
  const filters = { label: Object.entries(labels).map(([name, value]) => `${name}=${value}`) };
  const [containers, networks, volumes] = await client.call('list what carries our labels', ask, (abortSignal) =>
    Promise.all([
      client.docker.listContainers({ all: true, filters, abortSignal }),
      client.docker.listNetworks({ filters, abortSignal }),
      client.docker.listVolumes({ filters, abortSignal }),
    ]),
  );
  return {
    containers: containers.map((one) => ({
      id: one.Id,
      name: (one.Names[0] ?? '').replace(/^\//, ''),
      labels: one.Labels,
      running: one.State === 'running',
    })),
    networks: networks.map((one) => ({ id: one.Id, name: one.Name, labels: one.Labels ?? {} })),
    volumes: (volumes.Volumes ?? []).map((one) => ({ id: one.Name, name: one.Name, labels: one.Labels ?? {} })),
  };
}

export async function image(client: Client, tag: string): Promise<{ id: string; layers: string[] } | null> {
  return client.call(`inspect the image ${tag}`, ask, async (signal) => {
    try {
      const info = await dial<Docker.ImageInspectInfo>(client.docker, {
        method: 'GET',
        path: `/images/${tag}/json`,
        signal,
      });
      return { id: info.Id, layers: info.RootFS.Layers ?? [] };
    } catch (error) {
      if (isRefusal(error, 404)) return null;
      throw error;
    }
  });
}

export async function facts(client: Client, node: string): Promise<EngineFacts> {
  const [version, info] = await client.call('say what it is', ask, (signal) =>
    Promise.all([
      dial<Docker.DockerVersion>(client.docker, { method: 'GET', path: '/version', signal }),
      dial<Info>(client.docker, { method: 'GET', path: '/info', signal }),
    ]),
  );
  return {
    node,
    version: version.Version,
    apiVersion: version.ApiVersion,
    cpus: info.NCPU,
    memoryBytes: info.MemTotal,
    rootless: (info.SecurityOptions ?? []).some((option) => option.includes('name=rootless')),
  };
}
