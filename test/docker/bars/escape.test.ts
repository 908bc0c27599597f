import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { inspectRaw } from '../../../runner/engine/docker/inspect-container.ts';
import { escapeFindings } from './support/escape-findings.ts';
import { type OwnWish, ownChecker, ownContainer, type Place, placeAt, placesOf, run } from './support/places.ts';
import { courseWithTools, tool } from './support/tools.ts';

const rig = await courseWithTools();
let places: Place[] = [];

/** A socket of this host by the name an engine's would have, in the file system and in the network namespace. */
const folder = await mkdtemp(join(tmpdir(), 'drydock-'));
await chmod(folder, 0o755);
const sockets = [join(folder, 'docker.sock'), `\0containerd-${rig.owner}`].map((path) => createServer().listen(path));
after(async () => {
  for (const socket of sockets) socket.close();
  await rm(folder, { recursive: true });
});

before(async () => {
  const { id, state, problem } = await rig.open();
  assert.equal(state, 'ready', problem?.message);
  const launched = await placesOf(rig, id);
  places = [...launched, await ownChecker(rig, placeAt(launched, 'holder', 'outside-1').container)];
});

async function findings(place: Place): Promise<string[]> {
  const { text, errors, code } = await run(rig.docker, place, [tool('facts')]);
  assert.equal(code, 0, errors);
  const mounts = (await inspectRaw(rig.client, place.container))?.HostConfig.Mounts ?? [];
  const volumes = mounts.filter(({ Type }) => Type === 'volume').map(({ Target }) => Target);
  return escapeFindings(text, volumes);
}

test('S1 the escape probe finds nothing in any container of a launch, nor in a checker', async () => {
  const roles = new Set(places.map(({ role }) => role));
  assert.deepEqual([...roles].sort(), ['checker', 'database', 'holder', 'service', 'workbench']);
  const found = await Promise.all(places.map(async (place) => [place.name, await findings(place)] as const));
  assert.deepEqual(
    found.filter(([, findings]) => findings.length > 0),
    [],
  );
});

const idle = (wish: Partial<OwnWish>): OwnWish => ({
  role: 'workbench',
  image: 'base',
  command: ['/bin/sleep', 'infinity'],
  ...wish,
});

/** One thing undone each → what the probe must say. */
const WEAKER: Readonly<Record<string, [Partial<OwnWish>, RegExp]>> = {
  capability: [{ spoiled: { CapAdd: ['SYS_PTRACE'] } }, /^capabilities: CapBnd/m],
  seccomp: [{ spoiled: { SecurityOpt: ['no-new-privileges:true', 'seccomp=unconfined'] } }, /^seccomp: /m],
  'new-privileges': [{ spoiled: { SecurityOpt: [] } }, /^privileges: /m],
  processes: [{ spoiled: { PidMode: 'host' } }, /^processes: /m],
  network: [{ spoiled: { NetworkMode: 'host' } }, /^network: .*@containerd-/m],
  cgroup: [{ spoiled: { CgroupnsMode: 'host' } }, /^cgroup: /m],
  socket: [{ spoiled: { Binds: [`${folder}:/run/host`] } }, /^socket: \/run\/host\/docker\.sock$/m],
  folder: [{ spoiled: { Binds: ['/etc:/mnt:ro'] } }, /^mount: \S*\/etc of the host's/m],
  secret: [{ env: { DB_PASSWORD: 'x' } }, /^environment: DB_PASSWORD$/m],
  device: [
    { spoiled: { Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/sda', CgroupPermissions: 'r' }] } },
    /^device: \/dev\/sda$/m,
  ],
  unhidden: [{ spoiled: { MaskedPaths: [] } }, /^unhidden: \/proc\/(keys|timer_list)$/m],
  writable: [{ user: '0:0', spoiled: { ReadonlyPaths: [] } }, /^writable: \/proc\/sys\/kernel\/core_pattern$/m],
  setid: [
    { user: '0:0', command: ['/bin/sh', '-c', 'cp /bin/true /opt/s; chmod u+s /opt/s; exec sleep infinity'] },
    /^setid: \/opt\/s$/m,
  ],
};

test('S1 control: each defence undone is found, and many at once as well', async () => {
  const weaker = Object.entries(WEAKER).map(async ([word, [wish, finding]]) => {
    const place = await ownContainer(rig, word, idle(wish));
    assert.match((await findings(place)).join('\n'), finding, word);
    await rig.docker.removeContainer(place.container);
  });
  await Promise.all(weaker);
  const spoiled = { CapAdd: ['SYS_ADMIN'], SecurityOpt: ['seccomp=unconfined'], MaskedPaths: [], ReadonlyPaths: [] };
  const open = await ownContainer(rig, 'open', idle({ user: '0:0', spoiled: { ...spoiled, PidMode: 'host' } }));
  const kinds = new Set((await findings(open)).map((finding) => finding.split(':')[0]));
  for (const kind of ['capabilities', 'seccomp', 'privileges', 'processes', 'writable', 'unhidden'])
    assert.ok(kinds.has(kind), kind);
});

test('S1 control: a kernel that places programs predictably is found, and so is a probe cut short', async () => {
  const { text } = await run(rig.docker, placeAt(places, 'workbench', 'workbench'), [tool('facts')]);
  assert.deepEqual(escapeFindings(text.replace(/^aslr\t2/m, 'aslr\t0'), ['/home/learner', '/probe']), ['aslr: 0']);
  assert.deepEqual(escapeFindings(text.slice(0, -5), []), ['the probe did not reach its end']);
});

/** What a call may answer: not permitted, or not there. */
const REFUSED = new Set(['1', '38']);
/** No such ABI in this kernel. */
const NO_ABI = '200';

/** Calls the place lets through, as `abi name errno`. `getpid` shows that the ABI itself is there. */
async function letThrough(place: Place): Promise<{ open: string[]; abis: number }> {
  const victim = await rig.docker.exec(place.container, { argv: [tool('syscalls'), 'wait'], user: '12345:12345' });
  const { text, errors, code } = await run(rig.docker, place, [tool('syscalls')]);
  victim.close();
  assert.equal(code, 0, errors);
  const calls = text.trim().split('\n');
  const answer = (line: string) => line.split(' ').at(-1) ?? '';
  const named = (line: string, name: string) => line.slice(3).startsWith(name);
  return {
    abis: calls.filter((line) => named(line, 'getpid') && answer(line) === '0').length,
    open: calls.filter((line) => !named(line, 'getpid') && ![...REFUSED, NO_ABI].includes(answer(line))),
  };
}

test('S6 no role may make a forbidden system call, by the 64-bit or the 32-bit ABI', async () => {
  for (const place of places) {
    const { open, abis } = await letThrough(place);
    assert.deepEqual(open, [], place.name);
    assert.ok(abis >= 1, `${place.name}: the tool itself runs`);
  }
});

test('S6 control: without filter and with capabilities every one of them is let through', async () => {
  const spoiled = { SecurityOpt: ['seccomp=unconfined'], CapAdd: ['SYS_ADMIN', 'SYS_PTRACE', 'DAC_READ_SEARCH'] };
  const { open, abis } = await letThrough(await ownContainer(rig, 'unfiltered', idle({ user: '0:0', spoiled })));
  assert.equal(open.length, abis === 2 ? 12 + 14 : 12);
});

test('S6 control: without the filter alone, what no capability guards is let through', async () => {
  const spoiled = { SecurityOpt: ['no-new-privileges:true', 'seccomp=unconfined'] };
  const { open } = await letThrough(await ownContainer(rig, 'uncapable', idle({ spoiled })));
  for (const call of ['io_uring_setup', 'unshare NEWUSER', 'clone NEWUSER', 'keyctl'])
    assert.ok(
      open.some((line) => line.startsWith(`64 ${call} `)),
      call,
    );
});
