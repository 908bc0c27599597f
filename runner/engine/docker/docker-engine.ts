import { availableParallelism } from 'node:os';
import { semaphore } from '../../core/flow/semaphore.ts';
import type { Engine } from '../../core/ports/engine.ts';
import { DEFAULT_ADDRESS, type DockerAddress } from '../connect.ts';
import { client as connect } from './client.ts';
import { createContainer, killContainer, startContainer } from './containers.ts';
import { putFiles } from './files.ts';
import { inspectContainer } from './inspect-container.ts';
import { facts, image, list } from './inventory.ts';
import { logs } from './logs.ts';
import { createNetwork, removeNetwork, subnets } from './networks.ts';
import { removeContainer } from './remove-container.ts';
import { attach, exec } from './streams.ts';
import { createVolume, removeVolume } from './volumes.ts';
import { waitContainer } from './wait-container.ts';
import { workingSet } from './working-set.ts';
import { written } from './written.ts';

export interface DockerEngineOptions {
  readonly node?: string;
  readonly address?: DockerAddress;
  /** How many containers may be created or started at once: that is work for the engine's processors. */
  readonly concurrency?: number;
}

/**
 * How many things may be removed at once. An engine that is asked to remove a hundred answers nobody in time, also not
 * those who only want a list.
 */
const REMOVALS = 6;

/** The port over the Docker Engine API, 1.41 (Engine 20.10) or newer. Nothing is asked before the first call. */
export function dockerEngine(options: DockerEngineOptions = {}): Engine {
  const { node = 'local', address = DEFAULT_ADDRESS, concurrency = Math.max(2, availableParallelism()) } = options;
  const client = connect(address);
  const inTurn = semaphore(concurrency);
  const removing = semaphore(REMOVALS);
  let major: number | null = null;

  /** Asked once; an engine is not replaced under a running process without its connections breaking. */
  async function engineMajor(): Promise<number> {
    major ??= Number.parseInt((await facts(client, node)).version, 10);
    return major;
  }

  return {
    node,
    facts: () => facts(client, node),
    createNetwork: async (spec) => createNetwork(client, spec, await engineMajor()),
    removeNetwork: (id) => removing(() => removeNetwork(client, id)),
    subnets: () => subnets(client),
    createVolume: (spec) => createVolume(client, spec),
    removeVolume: (name) => removeVolume(client, name),
    createContainer: (spec) => inTurn(() => createContainer(client, spec)),
    startContainer: (id) => inTurn(() => startContainer(client, id)),
    killContainer: (id, signal) => killContainer(client, id, signal),
    removeContainer: (id) => removing(() => removeContainer(client, id)),
    inspectContainer: (id) => inspectContainer(client, id),
    waitContainer: (id) => waitContainer(client, id),
    workingSet: (id) => workingSet(client, id),
    written: (id) => written(client, id),
    logs: (id, tail) => logs(client, id, tail),
    putFiles: (id, path, tar) => putFiles(client, id, path, tar),
    attach: (id) => attach(client, id),
    exec: (id, spec) => exec(client, id, spec),
    list: (labels) => list(client, labels),
    image: (tag) => image(client, tag),
  };
}
