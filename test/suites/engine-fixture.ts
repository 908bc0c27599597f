import { randomBytes } from 'node:crypto';
import { after, test as nodeTest } from 'node:test';
import { pack } from 'tar-stream';
import { DrydockError, type ErrorName } from '#contract';
import { APP, LABEL } from '../../runner/core/labels/labels.ts';
import { hostConfig, type NetworkPlace, type VolumeMount } from '../../runner/core/policy/host-config.ts';
import type { Role } from '../../runner/core/policy/roles.ts';
import type { Channel, ContainerSpec, Engine, NetworkSpec } from '../../runner/core/ports/engine.ts';
import { subnetPool } from '../../runner/engine/subnets.ts';

const TEST_MS = 60_000;

/** What a suite is run with. `image` has /bin/sh and the core utilities. */
export interface EngineUnderTest {
  readonly engine: Engine;
  readonly image: string;
}

export interface ContainerWish {
  readonly role?: Role;
  readonly command?: readonly string[];
  readonly interactive?: boolean;
  readonly network?: NetworkPlace;
  readonly endpoints?: ContainerSpec['endpoints'];
  readonly mounts?: readonly VolumeMount[];
  readonly image?: string;
  readonly name?: string;
  readonly hostname?: string;
}

/** Makes things under a label of its own and removes all that carry it when the suite ends, however it ends. */
export function engineFixture({ engine, image }: EngineUnderTest) {
  const owner = `test-${randomBytes(4).toString('hex')}`;
  const labels = { [LABEL.app]: APP, [LABEL.owner]: owner };
  const pool = subnetPool();
  const name = (word: string) => `${owner}-${word}-${randomBytes(3).toString('hex')}`;

  after(async () => {
    const { containers, networks, volumes } = await engine.list(labels);
    await Promise.all(containers.map(({ id }) => engine.removeContainer(id)));
    await Promise.all(networks.map(({ id }) => engine.removeNetwork(id)));
    await Promise.all(volumes.map((volume) => engine.removeVolume(volume.name)));
  });

  async function network(wish: Partial<NetworkSpec> = {}) {
    const spec: NetworkSpec = {
      name: name('net'),
      subnet: wish.subnet ?? pool.reserve(await engine.subnets()),
      bridge: `lab${randomBytes(5).toString('hex')}`,
      labels,
      ...wish,
    };
    return { id: await engine.createNetwork(spec), spec };
  }

  function container(wish: ContainerWish = {}): Promise<string> {
    const { role = 'checker', command = ['/bin/sleep', 'infinity'], mounts = [] } = wish;
    return engine.createContainer({
      name: wish.name ?? name('box'),
      image: wish.image ?? image,
      labels,
      command,
      env: {},
      user: '10001:10001',
      workingDir: '/',
      interactive: wish.interactive ?? false,
      ...(wish.hostname === undefined ? {} : { hostname: wish.hostname }),
      hostConfig: hostConfig(role, { network: wish.network ?? { kind: 'none' }, mounts, ipv6: false, appArmor: false }),
      endpoints: wish.endpoints ?? [],
    });
  }

  async function volume(limit?: { bytes: number; inodes: number }): Promise<string> {
    const spec = { name: name('vol'), labels };
    await engine.createVolume(limit ? { ...spec, limit } : spec);
    return spec.name;
  }

  async function running(wish: ContainerWish = {}): Promise<string> {
    const id = await container(wish);
    await engine.startContainer(id);
    return id;
  }

  return { engine, labels, name, network, container, volume, running };
}

export type EngineFixture = ReturnType<typeof engineFixture>;

/** One that hangs fails by itself, so that the clean-up still comes. */
export function test(behaviour: string, run: () => Promise<void>): void {
  void nodeTest(behaviour, { timeout: TEST_MS }, run);
}

/** Everything a process printed, and how it ended. */
export async function outcome(channel: Channel) {
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  for await (const { stream, bytes } of channel.output) parts[stream].push(bytes);
  const code = await channel.exitCode();
  return { stdout: Buffer.concat(parts.stdout), stderr: Buffer.concat(parts.stderr), code };
}

export async function tarOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, text] of Object.entries(files)) tar.entry({ name, mode: 0o644 }, text);
  tar.finalize();
  return Buffer.concat(await Array.fromAsync(tar as AsyncIterable<Buffer>));
}

/** For assert.rejects: a catalogue error of this name whose message matches. */
export const named =
  (name: ErrorName, words = /./) =>
  (error: unknown): boolean =>
    error instanceof DrydockError && error.name === name && words.test(error.message);

export { volumeMount as mount } from '../../runner/core/policy/host-config.ts';
