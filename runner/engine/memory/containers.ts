import { constants } from 'node:os';
import type { ContainerSpec, ContainerState } from '../../core/ports/engine.ts';
import { imageMissing, refused } from '../refused.ts';
import { takeAddresses } from './networks.ts';
import { newProcess } from './process.ts';
import { runProgram } from './run-program.ts';
import { dropUnmounted } from './volumes.ts';
import { findContainer, type MemoryContainer, newContainer, requireContainer, type World } from './world.ts';

const JOINS = 'container:';
/** What a service reloads on. */
const HARMLESS = new Set(['SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGCONT']);

export function createContainer(world: World, spec: ContainerSpec): string {
  const asked = `create the container ${spec.name} from ${spec.image}`;
  if (!world.hasImage(spec.image)) throw imageMissing(asked, `No such image: ${spec.image}`);
  if (findContainer(world, spec.name))
    throw refused(asked, `Conflict. The container name "/${spec.name}" is already in use`);
  if (spec.hostConfig.NetworkMode.startsWith(JOINS) && (spec.hostname !== undefined || spec.endpoints.length > 0)) {
    throw refused(
      asked,
      'conflicting options: a container that joins a namespace has no hostname and no networks of its own',
    );
  }
  // Docker would make the volume up, without labels, and nobody would ever remove it.
  const unknown = spec.hostConfig.Mounts.find(({ Source }) => !world.volumes.has(Source));
  if (unknown) throw refused(asked, `no such volume: ${unknown.Source}`);
  return newContainer(world, spec).id;
}

export function startContainer(world: World, id: string): void {
  const container = requireContainer(world, id, 'start');
  if (container.phase === 'running') return;
  const mode = container.spec.hostConfig.NetworkMode;
  if (mode.startsWith(JOINS)) {
    const holder = requireContainer(world, mode.slice(JOINS.length), 'join the network of');
    if (holder.phase !== 'running')
      throw refused(`start the container ${id}`, 'cannot join network of a non running container');
  }
  container.addresses = takeAddresses(world, container);
  container.phase = 'running';
  run(world, container);
}

/** Its command runs if there is a program for it; anything else just stays, until it is killed. */
function run(world: World, container: MemoryContainer): void {
  const { command, user, env, interactive, name } = container.spec;
  const process = container.attached ?? newProcess(name);
  if (container.attached === null) process.detach();
  if (!interactive) process.channel.endInput();
  container.processes.add(process);
  const exit = container.exit;
  if (!world.programs[command[0] ?? '']) return;
  const logged: typeof process = {
    ...process,
    write: (bytes, stream) => {
      container.log.push(bytes);
      return process.write(bytes, stream);
    },
  };
  void runProgram(world, container, logged, { argv: command, user, env }).then((code) => {
    // A container whose caller hung up ends all the same; a killed one has ended before.
    process.finish(code);
    if (container.exit === exit) stopped(world, container, code);
  });
}

/** The first to say so decides the exit code; everything else inside is gone with it. */
function stopped(world: World, container: MemoryContainer, code: number): void {
  if (container.phase !== 'running') return;
  container.phase = 'exited';
  container.exitCode = code;
  container.addresses = {};
  container.attached = null;
  for (const process of container.processes) process.kill(137);
  container.processes.clear();
  dropUnmounted(world);
  const { exit } = container;
  container.exit = Promise.withResolvers<number>();
  container.exit.promise.catch(() => undefined);
  exit.resolve(code);
}

export function killContainer(world: World, id: string, signal: string): void {
  const container = requireContainer(world, id, `send ${signal} to`);
  if (container.phase !== 'running')
    throw refused(`send ${signal} to the container ${id}`, `Container ${id} is not running`);
  const name = signal.startsWith('SIG') ? signal : `SIG${signal}`;
  if (HARMLESS.has(name)) return;
  const number = constants.signals[name as NodeJS.Signals];
  if (number === undefined) throw refused(`send ${signal} to the container ${id}`, `Invalid signal: ${signal}`);
  end(world, container, 128 + number);
}

export function removeContainer(world: World, id: string): void {
  const container = findContainer(world, id);
  if (!container) return;
  if (container.phase === 'running') end(world, container, 137);
  container.exit.reject(refused(`wait for the container ${id}`, 'it was removed meanwhile'));
  world.containers.delete(container.id);
}

function end(world: World, container: MemoryContainer, code: number): void {
  for (const process of container.processes) process.kill(code);
  stopped(world, container, code);
}

export function inspectContainer(world: World, id: string): ContainerState | null {
  const container = findContainer(world, id);
  if (!container) return null;
  const { spec, phase } = container;
  return {
    id: container.id,
    name: spec.name,
    running: phase === 'running',
    exitCode: phase === 'exited' ? container.exitCode : null,
    oomKilled: false,
    restarts: 0,
    labels: spec.labels,
    addresses: container.addresses,
    hostConfig: { ...spec.hostConfig },
    user: spec.user,
    image: spec.image,
  };
}

export async function waitContainer(world: World, id: string): Promise<number> {
  const container = requireContainer(world, id, 'wait for');
  return container.phase === 'exited' ? container.exitCode : container.exit.promise;
}
