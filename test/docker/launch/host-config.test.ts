import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type Docker from 'dockerode';
import { LABEL } from '../../../runner/core/labels/labels.ts';
import { planLaunch } from '../../../runner/core/plan/plan-launch.ts';
import { type HostConfig, hostConfig } from '../../../runner/core/policy/host-config.ts';
import { ROLES, type Role } from '../../../runner/core/policy/roles.ts';
import type { Engine } from '../../../runner/core/ports/engine.ts';
import { launchSecrets } from '../../../runner/core/secrets/launch-secrets.ts';
import { inspectRaw } from '../../../runner/engine/docker/inspect-container.ts';
import { course, LAB, USER } from '../support/course.ts';
import { expectedPlacement } from '../support/expected-placement.ts';
import { deviations } from '../support/host-config-deviations.ts';

type Info = Docker.ContainerInspectInfo;

const created: Info[] = [];
const rig = await course(seeCreated);
const began = Math.floor(Date.now() / 1000);
const { scenario, workspace } = rig.deps.library.get(LAB) ?? assert.fail();
const plan = planLaunch(scenario, String(workspace.get('compose.yaml')));

/** Each container as the engine reports it the moment it is made: a filer and a checker are soon gone. */
function seeCreated(engine: Engine): Engine {
  return {
    ...engine,
    async createContainer(spec) {
      const id = await engine.createContainer(spec);
      created.push((await inspectRaw(rig.client, id)) ?? assert.fail(`${spec.name} vanished`));
      return id;
    },
  };
}

const label = (info: Info, name: string) => info.Config.Labels[name] ?? '';
const roleOf = (info: Info) => label(info, LABEL.role) as Role;

function asked(info: Info): HostConfig {
  const holders = created
    .filter((one) => roleOf(one) === 'holder')
    .map((one) => [label(one, LABEL.position), one.Id] as const);
  const place = {
    role: roleOf(info),
    position: label(info, LABEL.position),
    generation: Number(label(info, LABEL.deployment).split('-').at(-1)),
  };
  return hostConfig(place.role, {
    ...rig.deps.sandbox,
    ...expectedPlacement(label(info, LABEL.launch), plan, new Map(holders), place),
  });
}

const deviationsOf = (info: Info) => {
  const user = info.Config.User === ROLES[roleOf(info)].user ? [] : ['User'];
  return [...deviations({ ...info.HostConfig }, asked(info)), ...user];
};

before(async () => {
  const { id, state, problem } = await rig.open();
  assert.equal(state, 'ready', problem?.message);
  await rig.sessions.check(USER, id);
  const file = await rig.sessions.readFile(USER, id, 'gateway/verify.ts');
  const content = `${file.content}\n// changed\n`;
  await rig.sessions.writeFile(USER, id, { path: 'gateway/verify.ts', content, version: file.version });
  assert.deepEqual((await rig.sessions.apply(USER, id)).changed, ['gateway']);
});

test('S9 every container of a launch, a check and an apply is what the table of roles says, and nothing beyond', () => {
  const counts = Object.groupBy(created, roleOf);
  assert.deepEqual(
    Object.fromEntries(Object.entries(counts).map(([role, all]) => [role, all.length])),
    // One outside position, three services with a filer each; the gateway once more; probes at two positions.
    { holder: 5, workbench: 1, filer: 4, service: 3, database: 1, checker: 2 },
  );
  const wrong = created.map((info) => [info.Name, deviationsOf(info)] as const).filter(([, names]) => names.length > 0);
  assert.deepEqual(wrong, []);
});

test('S9 what runs is still what was made', async () => {
  const { containers } = await rig.inventory();
  const running = await Promise.all(containers.map(async ({ id }) => (await inspectRaw(rig.client, id)) ?? []));
  assert.equal(containers.length, 9);
  assert.deepEqual(running.flat().flatMap(deviationsOf), []);
});

test('S9 the engine saw no container of this launch that was not compared', async () => {
  const until = Math.ceil(Date.now() / 1000);
  const filters = { type: ['container' as const], event: ['create'], label: [`${LABEL.owner}=${rig.owner}`] };
  const events = await rig.client.docker.getEvents({ since: began, until, filters });
  const lines = String(Buffer.concat(await Array.fromAsync(events as AsyncIterable<Buffer>))).trim();
  const ids = lines.split('\n').map((line) => (JSON.parse(line) as { id: string }).id);
  assert.deepEqual(ids.sort(), created.map(({ Id }) => Id).sort());
});

test('S9 no secret of the launch stands in argv, environment or labels', () => {
  const secrets = launchSecrets(rig.deps.key, label(created[0] ?? assert.fail(), LABEL.launch), scenario.secrets);
  const long = Object.values(secrets).filter((value) => value.length > 16);
  const leaks = (all: readonly object[]) =>
    all.filter((info) => long.some((value) => JSON.stringify(info).includes(value)));
  assert.ok(long.length >= 4);
  assert.deepEqual(leaks(created), []);
  assert.equal(leaks([...created, { Env: [`PASSWORD=${long[0]}`] }]).length, 1, 'a leak would be found');
});

/** One field each that would open the sandbox, as the engine takes it. */
const SPOILED: Readonly<Record<string, unknown>> = {
  Privileged: true,
  CapAdd: ['NET_RAW'],
  CapDrop: [],
  SecurityOpt: ['no-new-privileges:true'],
  ReadonlyRootfs: false,
  PidsLimit: 4096,
  Memory: 128 * 1024 * 1024,
  PidMode: 'host',
  Binds: ['/etc:/mnt:ro'],
  PortBindings: { '80/tcp': [{ HostPort: '0' }] },
  Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/x', CgroupPermissions: 'r' }],
  Tmpfs: { '/tmp': 'rw,exec' },
  // Fields the policy does not know at all.
  GroupAdd: ['0'],
  CgroupParent: '/elsewhere',
  MaskedPaths: [],
  ReadonlyPaths: [],
};

test('S9 control: a container with one spoiled field is reported by that field', async () => {
  const sound = hostConfig('checker', { ...rig.deps.sandbox, network: { kind: 'none' }, mounts: [] });
  const make = async (spoiled: object) => {
    const hostConfig = { ...sound, ...spoiled };
    const id = await rig.docker.createContainer({
      name: `${rig.owner}-spoiled`,
      image: rig.deps.image('base'),
      labels: rig.extras,
      command: ['/bin/false'],
      env: {},
      user: ROLES.checker.user,
      workingDir: '/',
      interactive: false,
      hostConfig,
      endpoints: [],
    });
    try {
      return deviations({ ...(await rig.docker.inspectContainer(id))?.hostConfig }, sound);
    } finally {
      await rig.docker.removeContainer(id);
    }
  };
  assert.deepEqual(await make({}), []);
  for (const [name, value] of Object.entries(SPOILED)) {
    // Some fields make the engine change others as well.
    const found = await make({ [name]: value });
    assert.ok(found.includes(name), `${name} was not found, but ${found}`);
  }
});
