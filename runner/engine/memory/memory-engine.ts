import { createHash } from 'node:crypto';
import type { Channel, Engine, ExecSpec, Inventory, Labels } from '../../core/ports/engine.ts';
import { refused } from '../refused.ts';
import { BUILT_IN_PROGRAMS } from './built-in-programs.ts';
import { putFiles } from './container-files.ts';
import {
  createContainer,
  inspectContainer,
  killContainer,
  removeContainer,
  startContainer,
  waitContainer,
} from './containers.ts';
import { createNetwork, removeNetwork } from './networks.ts';
import { newProcess } from './process.ts';
import type { Programs } from './program.ts';
import { runProgram } from './run-program.ts';
import { createVolume, removeVolume } from './volumes.ts';
import { type MemoryFile, requireContainer, type World } from './world.ts';

export interface MemoryEngineOptions {
  readonly node?: string;
  /** What commands and execs run, by absolute path; the built-in ones can be replaced. */
  readonly programs?: Programs;
  /** Tags there are; left out, every image is there. */
  readonly images?: Iterable<string>;
}

export interface MemoryEngine extends Engine {
  /** The files of a volume: path without leading slash → file. Empty when there is no such volume. */
  filesOf(volume: string): ReadonlyMap<string, MemoryFile>;
}

/**
 * An engine that runs nothing: names, addresses, namespaces, volumes and streams behave as Docker's do, programs are
 * functions. Stricter than Docker in one thing: a mount of a volume nobody made is refused.
 */
export function memoryEngine(options: MemoryEngineOptions = {}): MemoryEngine {
  const { node = 'memory' } = options;
  const images = options.images && new Set(options.images);
  const world: World = {
    networks: new Map(),
    volumes: new Map(),
    containers: new Map(),
    programs: { ...BUILT_IN_PROGRAMS, ...options.programs },
    hasImage: (tag) => !images || images.has(tag),
    made: 0,
  };
  return {
    node,
    facts: async () => ({
      node,
      version: '29.9.3',
      apiVersion: '1.52',
      cpus: 2,
      memoryBytes: 8 * 2 ** 30,
      rootless: false,
    }),
    createNetwork: async (spec) => createNetwork(world, spec),
    removeNetwork: async (id) => removeNetwork(world, id),
    subnets: async () => [...world.networks.values()].map(({ spec }) => spec.subnet),
    createVolume: async (spec) => createVolume(world, spec),
    removeVolume: async (name) => removeVolume(world, name),
    createContainer: async (spec) => createContainer(world, spec),
    startContainer: async (id) => startContainer(world, id),
    killContainer: async (id, signal) => killContainer(world, id, signal),
    removeContainer: async (id) => removeContainer(world, id),
    inspectContainer: async (id) => inspectContainer(world, id),
    workingSet: async (id) => (inspectContainer(world, id)?.running ? 2 ** 20 : 0),
    written: async () => ({ bytes: 0, entries: 0 }),
    waitContainer: (id) => waitContainer(world, id),
    logs: async (id, tail) => lastLines(requireContainer(world, id, 'read the log of').log.text(), tail),
    putFiles: (id, path, tar) => putFiles(world, id, path, tar),
    attach: async (id) => attach(world, id),
    exec: async (id, spec) => exec(world, id, spec),
    list: async (labels) => list(world, labels),
    image: async (tag) => (world.hasImage(tag) ? { id: digest(tag), layers: [digest(`layer of ${tag}`)] } : null),
    filesOf: (volume) => new Map(world.volumes.get(volume)?.files ?? []),
  };
}

function attach(world: World, id: string): Channel {
  const container = requireContainer(world, id, 'attach to');
  if (container.phase !== 'created')
    throw refused(`attach to the container ${id}`, `it is ${container.phase}; attach before the start`);
  container.attached ??= newProcess(`the container ${id}`);
  return container.attached.channel;
}

function exec(world: World, id: string, spec: ExecSpec): Channel {
  const container = requireContainer(world, id, 'run something in');
  const asked = `run ${spec.argv[0]} in the container ${id}`;
  if (container.phase !== 'running') throw refused(asked, `Container ${id} is not running`);
  const process = newProcess(`${spec.argv[0]} in the container ${id}`);
  container.processes.add(process);
  const run = { argv: spec.argv, user: spec.user, env: { ...container.spec.env, ...spec.env } };
  void runProgram(world, container, process, run).then((code) => {
    process.finish(code);
    container.processes.delete(process);
  });
  return process.channel;
}

function list(world: World, labels: Labels): Inventory {
  const carries = (carried: Labels) => Object.entries(labels).every(([name, value]) => carried[name] === value);
  const owned = (id: string, spec: { name: string; labels: Labels }) => ({ id, name: spec.name, labels: spec.labels });
  return {
    containers: [...world.containers.values()]
      .filter(({ spec }) => carries(spec.labels))
      .map(({ id, spec, phase }) => ({ ...owned(id, spec), running: phase === 'running' })),
    networks: [...world.networks.values()]
      .filter(({ spec }) => carries(spec.labels))
      .map(({ id, spec }) => owned(id, spec)),
    volumes: [...world.volumes.values()]
      .filter(({ spec }) => carries(spec.labels))
      .map(({ spec }) => owned(spec.name, spec)),
  };
}

function lastLines(text: string, tail: number): string {
  const lines = text.split(/(?<=\n)/);
  return lines.slice(-tail).join('');
}

const digest = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
