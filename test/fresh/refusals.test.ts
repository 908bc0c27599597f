import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cacheFolder } from '../../runner/cli/setup/course-engine.ts';
import { pinnedNode } from '../../runner/engine/images/pinned-node.ts';
import { type FreshMachine, freshMachine } from './support/fresh-machine.ts';
import { root, testContext, whyNoMachines } from './support/test-context.ts';

const context = await testContext();
const skip = (await whyNoMachines(context)) ?? false;
const UP = '/checkout/drydock up --no-open';

let machine: FreshMachine;
let small: FreshMachine;

before(async () => {
  if (skip) return;
  const node = await pinnedNode({ root, cache: cacheFolder(context.home), environment: context.environment });
  // This checkout with its packages, read-only: what is refused needs nothing installed again.
  const shown = { [root]: '/checkout', [node]: '/usr/local/bin/node' };
  machine = await freshMachine(context, { shown });
  small = await freshMachine(context, { shown, small: { '/var/lib/docker': '50m', '/small': '20m' } });
});

after(async () => {
  await machine?.[Symbol.asyncDispose]();
  await small?.[Symbol.asyncDispose]();
});

/** Runs `up` where it must be refused: exit 3, title, one message, what to do; and nothing of ours is there after. */
async function refused(on: FreshMachine, line: string, user: string, says: RegExp, todo: RegExp): Promise<void> {
  const { code, output } = await on.run(line, { user });
  const [title, message, hint, ...more] = output.trimEnd().split('\n');
  assert.equal(code, 3, output);
  assert.equal(title, 'This machine is not ready', output);
  assert.match(message ?? '', says);
  assert.match(hint ?? '', todo);
  assert.deepEqual(more, [], 'one message and no more');
  const left = await on.run(
    'ls -d /root/.drydock /home/newcomer/.drydock /small/home /usr/sbin/dockerd 2>/dev/null; ls /var/lib/docker 2>/dev/null',
    { user: 'root' },
  );
  assert.equal(left.output, '', 'nothing was made');
}

test('a plain user on Debian is told the one command that installs an engine', { skip }, () =>
  refused(
    machine,
    UP,
    'newcomer',
    /no container engine here, and newcomer may not install one/,
    /sudo sh -c 'apt-get update && apt-get install/,
  ),
);

test('on a system that is not Debian, root too is told to install an engine', { skip }, async () => {
  await machine.run(
    'mv /etc/os-release /etc/kept; printf \'ID=fedora\\nPRETTY_NAME="Fedora Linux 42"\\n\' > /etc/os-release',
  );
  try {
    await refused(
      machine,
      UP,
      'root',
      /on Debian and Ubuntu only; this is Fedora Linux 42/,
      /Install Docker Engine 20\.10 or newer/,
    );
  } finally {
    await machine.run('rm /etc/os-release; mv /etc/kept /etc/os-release');
  }
});

test('a taken port is refused before anything is installed', { skip }, async () => {
  const holder =
    "node -e \"require('net').createServer().listen(4700, '127.0.0.1', () => console.log('held'))\" & sleep 2;";
  await refused(
    machine,
    `${holder.replace('&', '>/dev/null &')} ${UP}; code=$?; kill %1; exit $code`,
    'root',
    /cannot listen on 127\.0\.0\.1 port 4700: another program already does/,
    /--port N/,
  );
});

test('an engine that is installed and stopped: a plain user is told how to start it', { skip }, async () => {
  await machine.run("printf '#!/bin/sh\\nexit 1\\n' > /usr/local/sbin/dockerd; chmod 755 /usr/local/sbin/dockerd");
  try {
    await refused(machine, UP, 'newcomer', /installed but not running/, /sudo .*dockerd/);
  } finally {
    await machine.run('rm /usr/local/sbin/dockerd');
  }
});

test('an engine that does not start: root reads its last words, and none is left running', { skip }, async () => {
  await machine.run(
    "printf '#!/bin/sh\\necho no iptables here >&2\\nexit 1\\n' > /usr/local/sbin/dockerd; chmod 755 /usr/local/sbin/dockerd",
  );
  try {
    const { code, output } = await machine.run(UP);
    assert.equal(code, 3, output);
    assert.match(
      output,
      /This machine is not ready\ndockerd does not start\. The last lines of its log:\n {2}no iptables here\nMend what/,
    );
  } finally {
    await machine.run('rm -r /usr/local/sbin/dockerd /root/.drydock');
  }
});

test('an engine below 20.10 is refused by name', { skip }, async () => {
  const engine = `require('http').createServer((q, a) => a.end(JSON.stringify({ Version: '19.03.15' }))).listen('/tmp/old.sock')`;
  const line = `node -e "${engine}" & sleep 2; DOCKER_HOST=unix:///tmp/old.sock ${UP}; code=$?; kill %1; exit $code`;
  await refused(machine, line, 'root', /is version 19\.03\.15; Drydock needs 20\.10 or newer/, /Update Docker Engine/);
});

test('DOCKER_HOST that leads nowhere is named', { skip }, () =>
  refused(
    machine,
    `DOCKER_HOST=tcp://127.0.0.1:9 ${UP}`,
    'root',
    /DOCKER_HOST says the container engine is at 127\.0\.0\.1:9, and nothing answers/,
    /unset DOCKER_HOST/,
  ),
);

test('a socket this user may not open is told apart from no engine', { skip }, async () => {
  await machine.run(
    "node -e \"process.umask(0o177); require('net').createServer().listen('/run/docker.sock')\" >/dev/null 2>&1 & echo $! > /tmp/pid; sleep 2",
  );
  try {
    await refused(
      machine,
      UP,
      'newcomer',
      /newcomer may not open \/var\/run\/docker\.sock/,
      /usermod -aG docker newcomer/,
    );
  } finally {
    await machine.run('kill $(cat /tmp/pid); rm -f /run/docker.sock');
  }
});

test('a disk too small for the engine is refused before it is installed', { skip }, () =>
  refused(
    small,
    UP,
    'root',
    /The container engine needs 4\.0 GB of disk at \/var\/lib\/docker, and 0\.0 GB are free/,
    /Free some space/,
  ),
);

test('a disk too small for the work is refused', { skip }, () =>
  refused(
    small,
    `DRYDOCK_HOME=/small/home ${UP}`,
    'root',
    /Drydock needs 0\.5 GB of disk at \/small\/home/,
    /Free some space/,
  ),
);
