import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import { engineName, LABEL } from '../../../runner/core/labels/labels.ts';
import { WORKBENCH } from '../../../runner/core/plan/launch-plan.ts';
import { hostConfig } from '../../../runner/core/policy/host-config.ts';
import { ROLES, type Role } from '../../../runner/core/policy/roles.ts';
import { canary, hostAddresses } from '../support/canary.ts';
import { course } from '../support/course.ts';
import { dnsCanary } from '../support/dns-canary.ts';
import { type OpenNetwork, openNetwork } from '../support/open-network.ts';
import { bash, type Prober, reachable, type Target } from '../support/prober.ts';

const rig = await course();
const host = await canary();

interface Place extends Prober {
  readonly role: Role;
  readonly position: string;
  readonly name: string;
}

let places: Place[] = [];
/** Position → network → address, of our launch and of a neighbour's. */
let ours: Record<string, Record<string, string>> = {};
let theirs: Record<string, Record<string, string>> = {};
let neighbours: Place[] = [];
let internal: OpenNetwork;
let open: OpenNetwork;

before(async () => {
  const [mine, other] = await Promise.all([rig.open('mine'), rig.open('other')]);
  [places, neighbours] = await Promise.all([placesOf(mine.id), placesOf(other.id)]);
  [ours, theirs] = await Promise.all([addressesOf(mine.id), addressesOf(other.id)]);
  internal = await openNetwork(rig, { internal: true });
  open = await openNetwork(rig, { internal: false, capabilities: ['NET_RAW'] });
});

/** Every running container of a session, and a checker at the outside position. */
async function placesOf(session: string): Promise<Place[]> {
  const { containers } = await rig.docker.list({ ...rig.labels, [LABEL.session]: session });
  const found = containers.map(({ id, labels }) =>
    placeOf(id, labels[LABEL.role] as Role, labels[LABEL.position] ?? ''),
  );
  const outside = found.find(({ position }) => position.startsWith('outside')) ?? assert.fail();
  return [...found, placeOf(await checkerAt(outside.container, session), 'checker', outside.position)];
}

function placeOf(container: string, role: Role, position: string): Place {
  const language = role === 'checker' ? 'node' : 'perl';
  return { container, role, position, name: `${role} at ${position}`, user: ROLES[role].user, language };
}

async function checkerAt(holder: string, session: string): Promise<string> {
  const id = await rig.docker.createContainer({
    name: engineName(rig.owner, session, 'checker'),
    image: rig.deps.image('checker'),
    labels: rig.extras,
    command: ['/usr/local/bin/node', '-e', 'setInterval(() => {}, 1e6)'],
    env: {},
    user: ROLES.checker.user,
    workingDir: '/',
    interactive: false,
    hostConfig: hostConfig('checker', {
      ...rig.deps.sandbox,
      network: { kind: 'joined', container: holder },
      mounts: [],
    }),
    endpoints: [],
  });
  await rig.docker.startContainer(id);
  return id;
}

async function addressesOf(session: string): Promise<Record<string, Record<string, string>>> {
  const { containers } = await rig.docker.list({
    ...rig.labels,
    [LABEL.session]: session,
    [LABEL.role]: 'holder',
  });
  const read = containers.map(async ({ id, labels }) => {
    const addresses = (await rig.docker.inspectContainer(id))?.addresses ?? {};
    const byNetwork = Object.entries(addresses).map(([name, address]) => [name.split('-').at(-1) ?? '', address]);
    return [labels[LABEL.position] ?? '', Object.fromEntries(byNetwork)] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

/** A service that a position may reach, the network they share, and its port. */
function besides(position: string): [service: string, network: string, port: number] {
  if (position === 'accounts') return ['db', 'backend', 5432];
  return position === 'gateway' || position === 'db' ? ['accounts', 'backend', 8080] : ['gateway', 'public', 8080];
}

function neighbourOf(position: string): Target {
  const [service, network, port] = besides(position);
  return `tcp/${ours[service]?.[network]}/${port}`;
}

/** What was reached from every place, where only the neighbour may be. */
async function strayed(targets: readonly Target[]): Promise<string[]> {
  const found = await Promise.all(
    places.map(async (place) => {
      const may = neighbourOf(place.position);
      const reached = await reachable(rig.docker, place, [...targets, may]);
      assert.ok(reached.includes(may), `control: ${place.name} reaches ${may}`);
      return reached.filter((target) => target !== may).map((target) => `${place.name} reached ${target}`);
    }),
  );
  return found.flat();
}

const gateways = () =>
  Object.values({ ...ours[WORKBENCH], ...ours.db }).map((address) =>
    address.replace(/\d+$/, (last) => String((Number(last) & 0xf0) + 1)),
  );

/** SSH, the engine's API plain and with TLS, a swarm's ports. */
const WELL_KNOWN = [22, 2375, 2376, 2377, 7946];

function hostTargets(address: string): Target[] {
  const ports = [host.everywhere, host.loopback, ...WELL_KNOWN];
  const datagrams: Target[] = [host.udp, 4789, 7946].map((port) => `udp/${address}/${port}` as const);
  return [...ports.map((port): Target => `tcp/${address}/${port}`), ...datagrams];
}

test('N2 from no container of a launch can the host, the runner or the engine be reached', async () => {
  assert.equal(new Set(places.map(({ role }) => role)).size, 5, 'every role that ever runs');
  const addresses = [...gateways(), ...hostAddresses().slice(0, 2), internal.gateway];
  const loopback: Target[] = [`tcp/127.0.0.1/${host.loopback}`, `tcp/127.0.0.1/${host.everywhere}`];
  assert.deepEqual(await strayed([...addresses.flatMap(hostTargets), ...loopback]), []);
  assert.equal(host.hits(), 0);
});

test('N2 control: where the host has an address on the network, the same probe reaches it', async () => {
  const before = host.hits();
  const atGateway: Target = `tcp/${internal.gateway}/${host.everywhere}`;
  assert.deepEqual(await reachable(rig.docker, internal.inside, hostTargets(internal.gateway)), [atGateway]);
  assert.equal(host.hits() - before, 2, 'one connection and one datagram at the listener');
});

test('N1 nothing of another launch can be reached, and no raw socket opened', async () => {
  const all = Object.values(theirs).flatMap((networks) => Object.values(networks));
  const targets = all.flatMap((address): Target[] => [`tcp/${address}/8080`, `tcp/${address}/5432`]);
  assert.deepEqual(await strayed(targets), []);
  const beside = neighbours.find(({ role, position }) => role === 'service' && position === 'gateway');
  const reached = await reachable(rig.docker, beside ?? assert.fail(), targets);
  assert.ok(reached.length >= 4, 'control: from within that launch they answer');

  const RAW = 'perl -e \'socket(S, 2, 3, 1) or print "raw: $!"; socket(P, 17, 3, 768) or print " packet: $!"\'';
  for (const place of places.filter(({ language }) => language === 'perl')) {
    assert.equal(await bash(rig.docker, place, RAW), 'raw: Operation not permitted packet: Operation not permitted');
  }
  const allowed = { ...open.inside, user: '0:0' };
  assert.equal(await bash(rig.docker, allowed, RAW), '', 'control: with NET_RAW both are opened');
});

test('N3 neither the internet nor a metadata service of a cloud can be reached', async () => {
  const beyond = ['169.254.169.254', '100.100.100.200', '1.1.1.1', '8.8.8.8'];
  assert.deepEqual(await strayed(beyond.flatMap((ip): Target[] => [`tcp/${ip}/80`, `tcp/${ip}/443`])), []);
  // What stands for the world here is an address of the host that is on no network of a lab.
  const [outward = assert.fail('this host has no address')] = hostAddresses();
  const away: Target = `tcp/${outward}/${host.everywhere}`;
  assert.deepEqual(await strayed([away]), []);
  assert.deepEqual(await reachable(rig.docker, open.inside, [away]), [away], 'control: an open network leads there');
});

test('N3 a launch has no IPv6 at all', async () => {
  for (const place of places.filter(({ language }) => language === 'perl')) {
    assert.equal(await bash(rig.docker, place, 'cat /proc/net/if_inet6 2>/dev/null'), '', place.name);
  }
});

/** Prints the address of a name and the milliseconds it took to find it, or not to. */
const lookUp = (name: string) =>
  `begun=$(date +%s%3N); address=$(getent ahostsv4 ${name} | head -1 | cut -d" " -f1); echo "$address $(( $(date +%s%3N) - begun ))"`;

test('N4 an outside name fails within 1.5 s and is asked of nobody; names of the launch resolve', async () => {
  const word = () => `canary${randomBytes(6).toString('hex')}`;
  const marker = word();
  const dns = await dnsCanary(rig, ['127.0.0.1', internal.gateway, open.gateway]);
  for (const place of places.filter(({ role }) => role !== 'holder' && role !== 'checker')) {
    const [nothing, milliseconds] = (await bash(rig.docker, place, lookUp(`${marker}.example.com`))).split(' ');
    assert.equal(nothing, '', `${place.name} found an outside name`);
    assert.ok(Number(milliseconds) < 1500, `${place.name} waited ${milliseconds} ms`);
    const [service, network] = besides(place.position);
    const [address] = (await bash(rig.docker, place, lookUp(service))).split(' ');
    assert.equal(address, ours[service]?.[network], `${place.name} finds ${service}`);
  }
  assert.deepEqual(await dns.packetsWith(marker), []);
  for (const { inside } of [internal, open]) {
    const asked = word();
    await bash(rig.docker, inside, lookUp(`${asked}.example.com`));
    assert.notDeepEqual(await dns.packetsWith(asked), [], 'control: where a lookup may leave, the canary sees it');
  }
});
