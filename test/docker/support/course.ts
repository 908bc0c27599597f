import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { DrydockError, type Session } from '#contract';
import { runCheck } from '../../../runner/check/run-check.ts';
import { APP, LABEL } from '../../../runner/core/labels/labels.ts';
import type { RunCheck } from '../../../runner/core/ports/check.ts';
import type { Engine, Inventory, Labels } from '../../../runner/core/ports/engine.ts';
import { LOCAL_LIFETIME } from '../../../runner/core/session/lifetime.ts';
import { DEFAULT_ADDRESS } from '../../../runner/engine/connect.ts';
import { client } from '../../../runner/engine/docker/client.ts';
import { dockerEngine } from '../../../runner/engine/docker/docker-engine.ts';
import { dockerImageEngine } from '../../../runner/engine/images/docker-image-engine.ts';
import { resolveImages } from '../../../runner/engine/images/resolve-images.ts';
import { subnetPool } from '../../../runner/engine/subnets.ts';
import { loadLibrary } from '../../../runner/library/load-library.ts';
import { createSessions } from '../../../runner/session/create-sessions.ts';
import type { SubnetPool } from '../../../runner/session/launch/launch.ts';
import type { SessionDeps } from '../../../runner/session/session-deps.ts';
import { attachShell } from '../../../runner/terminal/attach-shell.ts';
import { temporaryStore } from '../../support/temporary-store.ts';

export const ROOT = join(import.meta.dirname, '../../..');
export const LAB = 'access-control';
export const USER = 'tester';

export type Course = Awaited<ReturnType<typeof course>>;

/**
 * The course on the real engine, put together as runner/main.ts does it, under an owner of its own. `wrap` stands
 * between it and the engine. When the file's tests end it is closed, and must have left nothing.
 */
export async function course(
  wrap: (engine: Engine) => Engine = (engine) => engine,
  subnets: SubnetPool = ownSubnets(),
) {
  const docker = dockerEngine();
  const engine = wrap(docker);
  const [library, image] = await Promise.all([
    loadLibrary(ROOT),
    resolveImages(ROOT, dockerImageEngine(DEFAULT_ADDRESS)),
  ]);
  const owner = `test-${randomBytes(6).toString('hex')}`;
  const labels = { [LABEL.app]: APP, [LABEL.owner]: owner };
  const random = (bytes: number) => randomBytes(bytes).toString('hex');
  const sandbox = {
    ipv6: existsSync('/proc/sys/net/ipv6'),
    appArmor: existsSync('/sys/kernel/security/apparmor/profiles'),
  };
  const check: RunCheck = (target, id, tasks) => {
    const lab = library.get(id);
    if (!lab) throw new DrydockError('no-such-lab', `There is no lab "${id}".`);
    return runCheck({ engine, image, sandbox, random }, target, lab, tasks);
  };
  const store = await temporaryStore();
  const deps: SessionDeps = {
    engine,
    image,
    owner,
    key: randomBytes(32),
    random,
    subnets,
    sandbox,
    clock: Date.now,
    monotonic: () => performance.now(),
    store,
    lifetime: LOCAL_LIFETIME,
    memory: async () => ({ total: 2 ** 40, available: 2 ** 40 }),
    startsAtOnce: 2,
    warn: (what, error) => console.error(what, error),
    library,
    attachShell,
    check,
  };
  const sessions = createSessions(deps);
  const inventory = () => docker.list(labels);

  /** On what a test makes itself, for controls: nobody's launch, removed at the end. */
  const extras = { [LABEL.app]: APP, [LABEL.owner]: `${owner}-extra` };

  after(async () => {
    await removeAll(docker, extras);
    await sessions.stopAll();
    await store[Symbol.asyncDispose]();
    const left = namesOf(await inventory());
    await removeAll(docker, labels);
    assert.deepEqual(left, [], 'something of the launches was left behind');
  });

  /** Opens a lab and waits until it is up, or has failed. */
  async function open(user = USER, lab = LAB): Promise<Session> {
    const { id } = await sessions.open(user, lab);
    while (sessions.get(user, id).state === 'opening') await pause(50);
    return sessions.get(user, id);
  }

  return { deps, docker, client: client(DEFAULT_ADDRESS), owner, labels, extras, sessions, inventory, open };
}

/** A part of the pool where a runner on this engine, which begins at its start, does not reach. */
const ownSubnets = () => subnetPool({ base: `10.213.${randomInt(128, 256)}.0/24`, prefix: 28 });

export const namesOf = ({ containers, networks, volumes }: Inventory): string[] =>
  [...containers, ...networks, ...volumes].map(({ name }) => name);

async function removeAll(engine: Engine, labels: Labels): Promise<void> {
  const { containers, networks, volumes } = await engine.list(labels);
  await Promise.all(containers.map(({ id }) => engine.removeContainer(id)));
  await Promise.all(networks.map(({ id }) => engine.removeNetwork(id)));
  await Promise.all(volumes.map(({ name }) => engine.removeVolume(name)));
}

/** Container of a role at a position, as the engine lists it. */
export async function containerAt(course: Course, session: string, role: string, position: string): Promise<string> {
  const wanted = {
    ...course.labels,
    [LABEL.session]: session,
    [LABEL.role]: role,
    [LABEL.position]: position,
  };
  const { containers } = await course.docker.list(wanted);
  assert.equal(containers.length, 1, `one ${role} at ${position}`);
  return containers[0]?.id ?? '';
}
