import assert from 'node:assert/strict';
import { LABEL } from '../../../../runner/core/labels/labels.ts';
import { type HostConfig, hostConfig } from '../../../../runner/core/policy/host-config.ts';
import { ROLES, type Role } from '../../../../runner/core/policy/roles.ts';
import type { ContainerSpec, Engine } from '../../../../runner/core/ports/engine.ts';
import { outcome } from '../../../suites/engine-fixture.ts';
import type { Course } from '../../support/course.ts';

/** A running container and who a process of its role is there. */
export interface Place {
  readonly name: string;
  readonly role: Role;
  readonly position: string;
  readonly container: string;
  readonly user: string;
}

/** Every container of a session, by role and position. */
export async function placesOf({ docker, labels }: Course, session: string): Promise<Place[]> {
  const { containers } = await docker.list({ ...labels, [LABEL.session]: session });
  return containers.map(({ id, labels: carried }) => {
    const role = carried[LABEL.role] as Role;
    const position = carried[LABEL.position] ?? '';
    return { name: `${role} at ${position}`, role, position, container: id, user: ROLES[role].user };
  });
}

export const placeAt = (places: readonly Place[], role: Role, position: string): Place =>
  places.find((place) => place.role === role && place.position === position) ??
  assert.fail(`no ${role} at ${position}`);

/** Docker's own fields, for what the policy never sends. */
type Spoiled = Partial<Record<keyof HostConfig, unknown>> & Readonly<Record<string, unknown>>;

export interface OwnWish {
  readonly role: Role;
  readonly image: string;
  readonly command: readonly string[];
  /** Joins the namespace of this holder; without one it has no network. */
  readonly holder?: string;
  /** Fields of the HostConfig that are to be other than the policy says. */
  readonly spoiled?: Spoiled;
  readonly user?: string;
  readonly workingDir?: string;
  readonly env?: ContainerSpec['env'];
}

/** A container of the test's own, confined as its role but for what is spoiled, and started. */
export async function ownContainer(rig: Course, word: string, wish: OwnWish): Promise<Place> {
  const { role, user = ROLES[role].user } = wish;
  const network = wish.holder ? ({ kind: 'joined', container: wish.holder } as const) : ({ kind: 'none' } as const);
  const container = await rig.deps.engine.createContainer({
    name: `${rig.owner}-${word}`,
    image: rig.deps.image(wish.image),
    labels: rig.extras,
    command: wish.command,
    env: wish.env ?? {},
    user,
    workingDir: wish.workingDir ?? '/',
    interactive: false,
    hostConfig: { ...hostConfig(role, { ...rig.deps.sandbox, network, mounts: [] }), ...wish.spoiled } as HostConfig,
    endpoints: [],
  });
  await rig.docker.startContainer(container);
  return { name: word, role, position: word, container, user };
}

/** A checker as a check makes it, but that it stays. */
export const ownChecker = (rig: Course, holder: string): Promise<Place> =>
  ownContainer(rig, 'checker', {
    role: 'checker',
    image: 'checker',
    command: ['/usr/local/bin/node', '-e', 'setInterval(() => {}, 1e6)'],
    holder,
  });

/** What a program prints in a place, and how it ended. */
export async function run(engine: Engine, { container, user }: Place, argv: readonly string[], as = user) {
  const { stdout, stderr, code } = await outcome(await engine.exec(container, { argv, user: as }));
  return { text: String(stdout), errors: String(stderr), code };
}
