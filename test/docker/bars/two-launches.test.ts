import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { LABEL } from '../../../runner/core/labels/labels.ts';
import { launchSecrets } from '../../../runner/core/secrets/launch-secrets.ts';
import { course, LAB } from '../support/course.ts';
import { type Place, placeAt, placesOf, run } from './support/places.ts';

const rig = await course();
const { scenario } = rig.deps.library.get(LAB) ?? assert.fail();

interface Side {
  readonly user: string;
  readonly session: string;
  readonly launch: string;
  readonly places: readonly Place[];
  /** All there is of it on any network. */
  readonly addresses: readonly string[];
  /** Flags, passwords and keys; a word out of a short list is meant to be guessed. */
  readonly secrets: Readonly<Record<string, string>>;
}

let mine: Side;
let theirs: Side;

before(async () => {
  [mine, theirs] = await Promise.all([side('mine'), side('theirs')]);
});

async function side(user: string): Promise<Side> {
  const { id, state, problem } = await rig.open(user);
  assert.equal(state, 'ready', problem?.message);
  const places = await placesOf(rig, id);
  const { containers } = await rig.docker.list({ ...rig.labels, [LABEL.session]: id });
  const launch = containers[0]?.labels[LABEL.launch] ?? '';
  const states = await Promise.all(places.map(({ container }) => rig.docker.inspectContainer(container)));
  const derived = Object.entries(launchSecrets(rig.deps.key, launch, scenario.secrets));
  return {
    user,
    session: id,
    launch,
    places,
    addresses: states.flatMap((one) => Object.values(one?.addresses ?? {})),
    secrets: Object.fromEntries(derived.filter(([name]) => scenario.secrets[name]?.kind !== 'word')),
  };
}

const bash = async (place: Place, line: string) => (await run(rig.docker, place, ['/bin/bash', '-c', line])).text;

/** Files, environments and command lines of a place in which one of these words stands. The words come on stdin. */
async function filesWith(place: Place, words: readonly string[]): Promise<string[]> {
  const everywhere = '/run /app /home /tmp /var/lib/postgresql /etc /opt /proc/[0-9]*/environ /proc/[0-9]*/cmdline';
  const argv = ['/bin/bash', '-c', `grep -rslFf - --devices=skip ${everywhere}`];
  const channel = await rig.docker.exec(place.container, { argv, user: place.user });
  await channel.write(Buffer.from(`${words.join('\n')}\n`));
  channel.endInput();
  const chunks = await Array.fromAsync(channel.output, ({ stream, bytes }) =>
    stream === 'stdout' ? String(bytes) : '',
  );
  return chunks.join('').trim().split('\n').filter(Boolean);
}

test('S12 two launches share no flag, password or key', () => {
  const values = [mine, theirs].flatMap(({ secrets }) => Object.values(secrets));
  assert.ok(values.length >= 8);
  assert.equal(new Set(values).size, values.length);
});

test('S12 nothing of a launch stands in another', async () => {
  for (const [own, other] of [
    [mine, theirs],
    [theirs, mine],
  ] as const) {
    const found = own.places.map(async (place) =>
      (await filesWith(place, Object.values(other.secrets))).map((file) => `${file} of the ${place.name}`),
    );
    assert.deepEqual((await Promise.all(found)).flat(), []);
  }
  const flag = theirs.secrets['flag-forge-token'] ?? assert.fail();
  assert.equal((await rig.sessions.flag(mine.user, mine.session, 'forge-token', flag)).accepted, false);
});

test('S12 control: what is a service’s own is found in it, and its flag accepted', async () => {
  const found = await filesWith(placeAt(mine.places, 'service', 'gateway'), Object.values(mine.secrets));
  assert.deepEqual(found, ['/run/secrets/flag-forge-token']);
  const flag = mine.secrets['flag-forge-token'] ?? assert.fail();
  assert.equal((await rig.sessions.flag(mine.user, mine.session, 'forge-token', flag)).accepted, true);
});

/** Echo requests through a ping socket (icmp(7)), which needs no right; prints who answered within 2 s. */
const PING = `perl -e '
use Socket; my $until = time + 2;
socket(my $ping, PF_INET, SOCK_DGRAM, 1) or die "no ping: $!";
send($ping, pack("CCnnn", 8, 0, 0, 1, 1) . "drydock", 0, sockaddr_in(0, inet_aton($_))) for @ARGV;
while (time < $until) {
  my $ready = ""; vec($ready, fileno $ping, 1) = 1;
  next unless select($ready, undef, undef, 0.2);
  my $from = recv($ping, my $answer, 1500, 0) or next;
  print inet_ntoa((sockaddr_in($from))[1]), "\\n";
}' --`;

const answering = async (place: Place, addresses: readonly string[]) =>
  [...new Set((await bash(place, `${PING} ${addresses.join(' ')} 2>&1`)).trim().split('\n').filter(Boolean))].sort();

/** From where something may be sent: every namespace once. */
const fromEach = (look: (place: Place) => Promise<unknown>) =>
  Promise.all(mine.places.filter(({ role }) => role !== 'holder').map(look));

test('N1 no echo request reaches another launch', async () => {
  await fromEach(async (place) => assert.deepEqual(await answering(place, theirs.addresses), [], place.name));
  const inside = placeAt(theirs.places, 'service', 'gateway');
  assert.deepEqual(await answering(inside, theirs.addresses), [...theirs.addresses].sort(), 'control: from within');
});

test('N1 no datagram reaches another launch', async () => {
  const receiver = placeAt(theirs.places, 'workbench', 'workbench');
  const program = `require('node:dgram').createSocket('udp4').on('message', (text) => console.log(String(text)))
    .bind(9999, () => console.log('listens'))`;
  const argv = ['/usr/local/bin/node', '-e', program];
  await using channel = await rig.docker.exec(receiver.container, { argv, user: receiver.user });
  const output = channel.output[Symbol.asyncIterator]();
  const next = async () => String((await output.next()).value?.bytes).trim();
  assert.equal(await next(), 'listens');
  const send = (place: Place, word: string) =>
    bash(place, `for to in ${theirs.addresses.join(' ')}; do echo ${word} > /dev/udp/$to/9999; done 2>/dev/null`);
  await fromEach((place) => send(place, 'strange'));
  await send(placeAt(theirs.places, 'service', 'gateway'), 'known');
  assert.equal(await next(), 'known', 'the first that came is from within');
});

test('N1 no name of another launch resolves', async () => {
  const names = ({ launch }: Side) =>
    ['gateway', 'db', 'workbench'].map((position) => `drydock-${launch}-at-${position}`);
  const resolved = async (place: Place, all: readonly string[]) =>
    (
      await bash(place, `for name in ${all.join(' ')}; do getent ahostsv4 $name; done | awk '{print $1}' | sort -u`)
    ).trim();
  await fromEach(async (place) => assert.equal(await resolved(place, names(theirs)), '', place.name));
  const inside = placeAt(theirs.places, 'workbench', 'workbench');
  assert.notEqual(await resolved(inside, names(theirs)), '', 'control: within a launch they do');
});

/** Connects by IPv6 and prints what the kernel says of each. */
const SIX = `perl -e '
use Socket qw(:all);
for (@ARGV) {
  my ($address, $scope) = split "%";
  socket(my $six, PF_INET6, SOCK_STREAM, 0) or do { print "none\\n"; next };
  local $SIG{ALRM} = sub { die }; alarm 3;
  print connect($six, pack_sockaddr_in6(80, inet_pton(AF_INET6, $address), $scope || 0)) ? "connected" : $!+0, "\\n";
}' --`;
const NOWHERE = ['::1', 'fe80::1%2', 'fe80::1%3', 'fd00:ec2::254', '2606:4700:4700::1111'];

/** No such family, or: invalid, no such device, address not available, network or host unreachable. */
const UNREACHABLE = ['none', '22', '19', '99', '101', '113'];

test('N3 no IPv6 address is reachable: loopback, link, unique local, a cloud’s metadata, the internet', async () => {
  await fromEach(async (place) => {
    const answers = (await bash(place, `${SIX} ${NOWHERE.join(' ')}`)).trim().split('\n');
    assert.equal(answers.length, NOWHERE.length);
    assert.deepEqual(
      answers.filter((answer) => !UNREACHABLE.includes(answer)),
      [],
      place.name,
    );
  });
  const inside = placeAt(mine.places, 'workbench', 'workbench');
  const refused = '111\n';
  assert.equal(await bash(inside, `${SIX} ::ffff:127.0.0.1`), refused, 'control: what is there refuses instead');
});

test('N3 no name of a cloud’s metadata service resolves', async () => {
  const look =
    'getent ahosts metadata.google.internal; getent ahosts metadata.azure.internal; getent ahosts instance-data';
  await fromEach(async (place) => assert.equal(await bash(place, look), '', place.name));
});
