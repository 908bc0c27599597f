// A lab with one of everything that compose.yaml and scenario.yaml may ask for, on the real engine.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { ContainerSpec, Engine } from '../../../runner/core/ports/engine.ts';
import { inspectRaw } from '../../../runner/engine/docker/inspect-container.ts';
import type { Files } from '../../../runner/library/lab.ts';
import { loadLab } from '../../../runner/library/load-lab.ts';
import { outcome } from '../../suites/engine-fixture.ts';
import { bareLaunch } from '../support/bare-launch.ts';
import { course } from '../support/course.ts';
import { deviations } from '../support/host-config-deviations.ts';

const specs = new Map<string, ContainerSpec>();
let bare: Awaited<ReturnType<typeof bareLaunch>>;
// Before the course's own, which looks for what was left.
after(() => bare?.remove());
const rig = await course(keepSpecs);
const lab = await loadLab(join(import.meta.dirname, '../../fixtures/harbour'), 'harbour');
const shipped = String(lab.workspace.get('compose.yaml'));

function keepSpecs(engine: Engine): Engine {
  return {
    ...engine,
    async createContainer(spec) {
      const id = await engine.createContainer(spec);
      specs.set(id, spec);
      return id;
    },
  };
}

const changed = (changes: Readonly<Record<string, string>>): Files =>
  new Map([...lab.workspace, ...Object.entries(changes).map(([path, text]) => [path, Buffer.from(text)] as const)]);
const greeting = (text: string) => changed({ 'gateway/greeting.txt': `${text}\n` });
const container = (service: string) => bare.launch.services.get(service)?.container ?? '';
const canary = () => `canary-${randomBytes(6).toString('hex')}`;

async function run(id: string, user: string, ...argv: string[]) {
  const { stdout, stderr, code } = await outcome(await rig.docker.exec(id, { argv, user }));
  return { text: `${stdout}${stderr}`.trim(), code };
}

const bash = (service: string, line: string, user = specs.get(container(service))?.user ?? '') =>
  run(container(service), user, '/bin/bash', '-c', line);

/** What the gateway answers the workbench on a port; null when it does not. */
async function ask(port: number, path = ''): Promise<{ born: number; text: string } | null> {
  const url = `http://gateway:${port}/${path}`;
  const { text, code } = await run(bare.launch.workbench, '1000', '/usr/bin/curl', '-s', '-m', '3', url);
  return code === 0 ? JSON.parse(text) : null;
}

/** Whether a sensor has printed a word within a moment. */
async function saw(sensor: string, word: string, within = 3000): Promise<boolean> {
  for (let left = within; left > 0; left -= 100) {
    if ((await rig.docker.logs(container(sensor), 500)).includes(`saw ${word}`)) return true;
    await pause(100);
  }
  return false;
}

before(async () => {
  bare = await bareLaunch(rig, lab);
});

test('a service on two networks has an address on each, and its name leads to both', async () => {
  const { addresses } = bare.launch.positions.get('gateway') ?? assert.fail();
  assert.deepEqual(Object.keys(addresses), ['public', 'inner']);
  assert.equal(new Set(Object.values(addresses)).size, 2);
  const resolved = async (position: string) =>
    (await run(bare.launch.positions.get(position)?.holder ?? '', '65534', '/usr/bin/getent', 'ahostsv4', 'gateway'))
      .text;
  assert.match(await resolved('outside-1'), new RegExp(`^${addresses['public']}\\b`));
  assert.match(await resolved('reports'), new RegExp(`^${addresses['inner']}\\b`));
});

test('a sidecar answers for the service behind it, which cannot be reached past it', async () => {
  assert.equal((await ask(8080))?.text, 'as shipped');
  assert.equal(await ask(8081), null);
});

test('a sensor sees what passes the position it is at, be that a service or an edge, and nothing of another', async () => {
  const [inside, edge] = [canary(), canary()];
  await ask(8080, inside);
  assert.ok(await saw('watcher', inside));
  assert.ok(!(await saw('edge', inside, 500)));
  const line = `exec 3<>/dev/tcp/gateway/8080; printf 'GET /${edge} HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3`;
  await run(bare.launch.positions.get('outside-1')?.holder ?? '', '65534', '/bin/bash', '-c', line);
  assert.ok(await saw('edge', edge));
});

test('S9 control: nobody but a sensor gets a packet socket, and it only as the user of the sensor', async () => {
  const open = `/usr/bin/perl -e 'exit(socket(my $wire, 17, 3, 768) ? 0 : 1)'`;
  assert.equal((await bash('watcher', open)).code, 0);
  assert.equal((await bash('watcher', open, '10001')).code, 1);
  for (const other of ['gateway', 'proxy', 'reports']) assert.equal((await bash(other, open)).code, 1, other);
});

test('a data volume ends where the lab says, and a folder to write to is one', async () => {
  const full = await bash('gateway', 'head -c 6M /dev/zero > /srv/spool/big');
  assert.match(full.text, /No space left/);
  assert.equal((await bash('gateway', 'rm /srv/spool/big; for n in {1..50}; do : > /srv/spool/$n; done')).code, 0);
  assert.match((await bash('gateway', 'for n in {51..90}; do : > /srv/spool/$n; done')).text, /No space left/);
  assert.equal((await bash('gateway', 'echo x > /run/gateway/x')).code, 0);
  assert.match((await bash('gateway', 'echo x > /run/x')).text, /Read-only file system/);
});

test('a service that reloads serves its new files in the process it had', async () => {
  const then = await ask(8080);
  const { Id, State } = (await inspectRaw(rig.client, container('gateway'))) ?? assert.fail();
  await bare.apply(greeting('reloaded'));
  const now = await ask(8080);
  assert.deepEqual(now, { born: then?.born, text: 'reloaded' });
  const after = await inspectRaw(rig.client, container('gateway'));
  assert.deepEqual([after?.Id, after?.State.Pid], [Id, State.Pid]);
  assert.equal((await bash('gateway', 'ls /srv/spool | head -1')).text, '1', 'its data is there');
});

test('a service that ends on its signal is replaced and serves its new files', async () => {
  const before = container('gateway');
  await bare.apply(greeting('fatal to a running one'));
  assert.notEqual(container('gateway'), before);
  assert.equal((await ask(8080))?.text, 'fatal to a running one');
  await bare.apply(lab.workspace);
  assert.equal((await ask(8080))?.text, 'as shipped');
});

const CAPABILITIES = 'CapEff:\t00000000800005fb';

test('a container to be hardened starts with what Docker gives, less four, and ends with what its compose.yaml leaves it', async () => {
  const facts = () => bash('reports', 'id -u; grep CapEff /proc/self/status; echo x > /usr/local/planted');
  assert.equal((await facts()).text, `0\n${CAPABILITIES}`);
  const hard = shipped.replace(
    '    networks: [inner]\n',
    `    networks: [inner]
    user: "10020:10020"
    read_only: true
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    deploy: { resources: { limits: { memory: 96m, cpus: "0.25", pids: 40 } } }
`,
  );
  await bare.apply(changed({ 'compose.yaml': hard }));
  assert.match((await facts()).text, /^10020\nCapEff:\t0+\n.*Read-only file system$/);
  const { HostConfig } = (await inspectRaw(rig.client, container('reports'))) ?? assert.fail();
  assert.deepEqual([HostConfig.Memory, HostConfig.NanoCpus, HostConfig.PidsLimit], [96 * 2 ** 20, 0.25e9, 40]);
});

test('S9 every container of this lab is what the policy asked the engine for, and nothing beyond', async () => {
  const { containers } = await rig.docker.list({ 'drydock.launch': bare.launch.id });
  assert.equal(containers.length, 11);
  for (const { id, name } of containers) {
    const info = (await inspectRaw(rig.client, id)) ?? assert.fail(name);
    const spec = specs.get(id) ?? assert.fail(name);
    assert.deepEqual(
      [name, ...deviations({ ...info.HostConfig }, spec.hostConfig), info.Config.User],
      [name, spec.user],
    );
  }
});

test('the learner takes a sidecar out and puts it back', async () => {
  const without = shipped.replace(/ {2}proxy:\n( {4}.*\n)+/, '');
  await bare.apply(changed({ 'compose.yaml': without }));
  assert.equal(await ask(8080), null);
  assert.equal(container('proxy'), '');
  const left = await rig.docker.list({ 'drydock.launch': bare.launch.id, 'drydock.role': 'sidecar' });
  assert.deepEqual(left.containers, []);
  await bare.apply(lab.workspace);
  assert.equal((await ask(8080))?.text, 'as shipped');
});
