import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { course, USER } from '../support/course.ts';
import { ownContainer, type Place, placeAt, placesOf, run } from './support/places.ts';

const MIB = 1024 * 1024;
/** What a home and /tmp hold: the volume's and the role's limits. */
const QUOTA = 256 * MIB;
const FILES = { '/home/learner': 50_000, '/tmp': 32_768 };

const rig = await course();
let session = '';
let workbench: Place;
let gateway: Place;

before(async () => {
  const { id, state, problem } = await rig.open();
  assert.equal(state, 'ready', problem?.message);
  session = id;
  const places = await placesOf(rig, id);
  workbench = placeAt(places, 'workbench', 'workbench');
  gateway = placeAt(places, 'service', 'gateway');
});

const sh = (place: Place, line: string) => run(rig.docker, place, ['/bin/bash', '-c', line]);

/** Writes zeros into a folder until something stops it, 2 GiB at most: what stopped it and how far it came. */
async function fill(place: Place, folder: string, mebibytes = 2048) {
  const file = `${folder}/fill`;
  const { text, errors } = await sh(
    place,
    `for part in 1 2 3 4; do dd if=/dev/zero of=${file}$part bs=1M count=${mebibytes / 4} || break; done; du -sb ${folder}`,
  );
  await sh(place, `rm -f ${file}*`);
  return { bytes: Number.parseInt(text, 10), errors };
}

/** Makes empty files until something stops it: what, and how many there are. */
async function makeFiles(place: Place, folder: string) {
  const { text } = await run(rig.docker, place, [
    '/usr/bin/perl',
    '-e',
    `mkdir "${folder}/many"; my $made = 0; my $until = time + 25;
     for (1..1_000_000) { last if time > $until; open(my $file, '>', "${folder}/many/$_") or last; $made++ }
     print "$made $!"; `,
  ]);
  await sh(place, `rm -rf ${folder}/many`);
  const [made = '', ...why] = text.split(' ');
  return { made: Number(made), why: why.join(' ') };
}

/** Bytes of a container's own layer on the disk of the host. */
async function layerBytes({ container }: Place): Promise<number> {
  // dockerode's types know neither this option nor its answer.
  const withSize: object = { size: true };
  const info: object = await rig.client.docker.getContainer(container).inspect(withSize);
  return (info as { SizeRw?: number }).SizeRw ?? 0;
}

/** Folders of the root file system, the one without a limit, that this place's user may write to. */
async function writableFolders(place: Place): Promise<string[]> {
  const { text } = await sh(place, "find / -xdev -type d '(' -path / -o -writable ')' -printf '%D %p\\n' 2>/dev/null");
  const folders = text
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  // A mount point belongs to another file system; what stands below it is not looked at.
  const [device] = folders.find(([, path]) => path === '/') ?? assert.fail();
  return folders.flatMap(([on, path = '']) => (on === device && path !== '/' ? [path] : []));
}

test('S4 a home and /tmp take what their quota says and no more, by one large file or many', async () => {
  for (const folder of ['/home/learner', '/tmp']) {
    const { bytes, errors } = await fill(workbench, folder);
    assert.match(errors, /No space left on device/, folder);
    assert.ok(bytes > 0.9 * QUOTA && bytes <= QUOTA + MIB, `${folder} took ${bytes} bytes`);
  }
  for (const [folder, limit] of Object.entries(FILES)) {
    const { made, why } = await makeFiles(workbench, folder);
    assert.match(why, /No space left on device/, folder);
    assert.ok(made > 0.9 * limit && made < limit, `${made} files in ${folder}`);
  }
});

test('S4 on the root file system, which has no limit, there is nothing a learner may write to', async () => {
  assert.deepEqual(await writableFolders(workbench), []);
  for (const folder of ['/', '/var/tmp', '/run/lock']) {
    const { errors } = await fill(workbench, folder);
    assert.match(errors, /Permission denied/, folder);
  }
  assert.ok((await layerBytes(workbench)) < MIB);
});

test('S4 while a workbench is full, services write and the learner can clear it again', async () => {
  await sh(workbench, 'dd if=/dev/zero of=/home/learner/full bs=1M; dd if=/dev/zero of=/tmp/full bs=1M');
  assert.equal((await sh(gateway, 'echo on > /tmp/x && cat /tmp/x')).text, 'on\n');
  const note = { path: 'note.txt', content: 'kept', version: null };
  await assert.rejects(rig.sessions.writeFile(USER, session, note));
  await sh(workbench, 'rm /home/learner/full /tmp/full');
  assert.equal((await rig.sessions.writeFile(USER, session, note)).content, 'kept');
});

test('S4 control: where a folder of the root file system may be written to, nothing stops it', async () => {
  const wish = { role: 'workbench', image: 'workbench', command: ['/bin/sleep', 'infinity'], user: '0:0' } as const;
  const open = await ownContainer(rig, 'open', wish);
  assert.ok((await writableFolders(open)).includes('/root'));
  assert.equal((await sh(open, 'dd if=/dev/zero of=/root/fill bs=1M count=320')).code, 0);
  assert.ok((await layerBytes(open)) >= 320 * MIB);
  await rig.docker.removeContainer(open.container);
});
