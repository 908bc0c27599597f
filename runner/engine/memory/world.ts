import { createHash } from 'node:crypto';
import type { ContainerSpec, NetworkSpec, VolumeSpec } from '../../core/ports/engine.ts';
import { refused } from '../refused.ts';
import { tailBuffer } from '../tail-buffer.ts';
import type { Process } from './process.ts';
import type { Programs } from './program.ts';

export interface MemoryFile {
  readonly bytes: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Path without leading slash → file. */
export type FileTree = Map<string, MemoryFile>;

export interface MemoryNetwork {
  readonly id: string;
  readonly spec: NetworkSpec;
}

export interface MemoryVolume {
  readonly spec: VolumeSpec;
  readonly files: FileTree;
}

export interface MemoryContainer {
  readonly id: string;
  readonly spec: ContainerSpec;
  phase: 'created' | 'running' | 'exited';
  exitCode: number;
  /** Network name → address, while it runs. */
  addresses: Readonly<Record<string, string>>;
  readonly files: FileTree;
  readonly log: ReturnType<typeof tailBuffer>;
  /** Everything that runs inside, its own command first. */
  readonly processes: Set<Process>;
  attached: Process | null;
  /** Settles at the next exit. */
  exit: PromiseWithResolvers<number>;
}

/** All that one in-memory engine knows. */
export interface World {
  readonly networks: Map<string, MemoryNetwork>;
  readonly volumes: Map<string, MemoryVolume>;
  readonly containers: Map<string, MemoryContainer>;
  readonly programs: Programs;
  /** Whether the engine has the image. */
  readonly hasImage: (tag: string) => boolean;
  /** Counts what was made; ids come from it. */
  made: number;
}

const LOG_BYTES = 64 * 1024;

export function newId(world: World): string {
  return createHash('sha256')
    .update(`${++world.made}`)
    .digest('hex');
}

export function newContainer(world: World, spec: ContainerSpec): MemoryContainer {
  const container: MemoryContainer = {
    id: newId(world),
    spec,
    phase: 'created',
    exitCode: 0,
    addresses: {},
    files: new Map(),
    log: tailBuffer(LOG_BYTES),
    processes: new Set(),
    attached: null,
    exit: Promise.withResolvers<number>(),
  };
  container.exit.promise.catch(() => undefined);
  world.containers.set(container.id, container);
  return container;
}

/** By id or name, as the engine's API takes either. */
export function findContainer(world: World, id: string): MemoryContainer | undefined {
  return world.containers.get(id) ?? [...world.containers.values()].find(({ spec }) => spec.name === id);
}

export function requireContainer(world: World, id: string, asked: string): MemoryContainer {
  const container = findContainer(world, id);
  if (!container) throw refused(`${asked} the container ${id}`, `No such container: ${id}`);
  return container;
}

export function findNetwork(world: World, id: string): MemoryNetwork | undefined {
  return world.networks.get(id) ?? [...world.networks.values()].find(({ spec }) => spec.name === id);
}
