import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { course, USER } from '../support/course.ts';
import { ownTerminal } from './support/own-terminal.ts';
import { ownContainer, type Place, placeAt, placesOf, run } from './support/places.ts';

const rig = await course();
let session = '';
let workbench: Place;
/** A container whose owner is root and has made everything an exec might trust into a trap. */
let trap: Place;

const LINK = '/srv/work';
const SET_TRAP = `
rm -f /bin/sh && printf '#!/bin/bash\\necho trojan in "$(cat /proc/sys/kernel/hostname)"\\n' > /bin/sh && chmod 755 /bin/sh
printf 'root:x:0:0::/proc/self/fd/7:/bin/sh\\nlearner:x:1000:1000::/proc/self/fd/8:/bin/sh\\n' > /etc/passwd
printf 'learner:x:1000:\\nhost:x:0:learner\\n' > /etc/group
mkdir -p /host/proc/1 && ln -s /proc/1/root /host/root
cd / && rmdir ${LINK} && ln -s /proc/self/fd/7 ${LINK}
exec sleep infinity`;

before(async () => {
  const { id, state, problem } = await rig.open();
  assert.equal(state, 'ready', problem?.message);
  session = id;
  workbench = placeAt(await placesOf(rig, id), 'workbench', 'workbench');
  trap = await ownContainer(rig, 'trap', {
    role: 'workbench',
    image: 'workbench',
    command: ['/bin/bash', '-c', SET_TRAP],
    user: '0:0',
    workingDir: LINK,
  });
  for (let tries = 0; (await run(rig.docker, trap, ['/usr/bin/readlink', LINK])).code !== 0; tries++)
    assert.ok(tries < 50, 'the trap is set');
});

/** Where a process of the container stands and what it holds open. */
const LOOK = ['/bin/bash', '-c', 'readlink /proc/$$/cwd; for fd in /proc/$$/fd/*; do readlink "$fd" || true; done'];
const STREAM = /^(pipe|socket):\[\d+\]$|^\/dev\/null$/;

/** Files and folders that a process got from who started it. */
function heldBy(look: string): string[] {
  const [cwd = '', ...open] = look.trim().split('\n');
  return [...(cwd === '/' ? [] : [`stands in ${cwd}`]), ...open.filter((path) => path !== '' && !STREAM.test(path))];
}

/** The same by an exec that takes the working directory it is given, or the container's own. */
async function rawLook(workingDir?: string): Promise<string> {
  const exec = await rig.client.docker
    .getContainer(trap.container)
    .exec({ Cmd: LOOK, AttachStdout: true, Tty: true, ...(workingDir ? { WorkingDir: workingDir } : {}) });
  const stream = await exec.start({ Tty: true });
  const bytes = await Array.fromAsync(stream as AsyncIterable<Buffer>);
  return String(Buffer.concat(bytes)).replaceAll('\r', '');
}

test('S10 an exec starts in / and holds nothing of the host, wherever the working directory was made to lead', async () => {
  for (let fd = 3; fd < 16; fd++) {
    await run(rig.docker, trap, ['/bin/ln', '-sfn', `/proc/self/fd/${fd}`, LINK]);
    for (const user of ['0:0', '1000:1000']) {
      const { text, code } = await run(rig.docker, trap, LOOK, user);
      assert.equal(code, 0);
      assert.deepEqual(heldBy(text), [], `fd ${fd} as ${user}`);
    }
  }
});

test('S10 a replaced /bin/sh, /etc/passwd or folder that looks like the host gives a process of the container and no more', async () => {
  const { text } = await run(rig.docker, trap, ['/bin/sh', '-c', 'true']);
  assert.equal(text, `trojan in ${trap.container.slice(0, 12)}\n`);
  const { text: id } = await run(rig.docker, trap, ['/usr/bin/id', '-G'], '1000:1000');
  assert.equal(id, '1000\n', 'a made-up group gives nothing');
  const seen = await run(rig.docker, trap, ['/bin/cat', '/host/root/proc/sys/kernel/hostname']);
  assert.equal(seen.text, `${trap.container.slice(0, 12)}\n`);
});

test('S10 control: an exec that takes its working directory from the container does not start in /', async () => {
  await run(rig.docker, trap, ['/bin/ln', '-sfn', '/etc', LINK]);
  assert.deepEqual(heldBy(await rawLook()).slice(0, 1), ['stands in /etc']);
  assert.deepEqual(heldBy('/\n/var/lib/docker\npipe:[1]\n'), ['/var/lib/docker'], 'a folder held open is seen');
});

test('S10 this runtime does not give a working directory of the host to an exec that asks for one', async () => {
  for (let fd = 3; fd < 16; fd++) {
    const look = await rawLook(`/proc/self/fd/${fd}`).catch((error: Error) => error.message);
    assert.doesNotMatch(look, /^\/(var|run|sys\/fs\/cgroup|proc)\b|^\/$/m, `fd ${fd}: ${look}`);
  }
});

test('S10 a learner can replace neither a program nor the accounts, and a workspace that leads away opens nothing', async () => {
  const write = 'for path in /bin/sh /bin/bash /etc/passwd /opt/drydock/keeper /usr/local/bin/node; do : > $path; done';
  const { errors } = await run(rig.docker, workbench, ['/bin/bash', '-c', write]);
  assert.equal(errors.match(/Permission denied/g)?.length, 5, errors);
  const bash = (line: string) => run(rig.docker, workbench, ['/bin/bash', '-c', line]);
  await bash('cd ~ && mv ferry kept && ln -s /proc/self/fd/7 ferry');
  const terminal = await ownTerminal(rig, USER, session);
  terminal.type('echo "I am $(id -u) in $PWD"\n');
  await terminal.seen(/I am 1000 in \/home\/learner/, 10_000);
  terminal.close();
  await assert.rejects(rig.sessions.readFile(USER, session, 'compose.yaml'));
  await bash('cd ~ && rm ferry && mv kept ferry');
  assert.match((await rig.sessions.readFile(USER, session, 'compose.yaml')).content, /^services:/m);
});
