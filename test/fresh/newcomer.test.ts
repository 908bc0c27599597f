import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FreshMachine, freshMachine, removeFreshMachines } from './support/fresh-machine.ts';
import { cloneCourse, type Started, startCourse, usingLab } from './support/newcomer.ts';
import { root, testContext, whyNoMachines } from './support/test-context.ts';

const FIRST_START_S = 8 * 60;
const SECOND_START_S = 5;

const context = await testContext();
const skip = (await whyNoMachines(context)) ?? false;
let machine: FreshMachine;
/** Of the newcomer's one command. */
let first: Started;

const start = () => startCourse(machine);
const openLab = async (link: string) => (await usingLab(machine, link)).seconds;

before(async () => {
  if (skip) return;
  await removeFreshMachines(context);
  machine = await freshMachine(context, { engine: true, shown: { [root]: '/origin' } });
});

after(() => machine?.[Symbol.asyncDispose]());

test('the machine has an old Node, and no engine, browser or packages', { skip }, async () => {
  const { output } = await machine.run('node --version; ls /usr/sbin/dockerd /usr/bin/chromium ~/.npm ~/drydock');
  assert.match(output, /^v18\./);
  assert.equal(output.match(/No such file/g)?.length, 4, output);
});

test(`a fresh clone serves after one command, within ${FIRST_START_S} s`, { skip }, async (t) => {
  await cloneCourse(machine);
  first = await start();
  const { seconds, output } = first;
  t.diagnostic(`first start: ${seconds.toFixed(0)} s, bound ${FIRST_START_S} s`);
  assert.match(output, /install Debian's packages docker\.io/, 'it says what it installs');
  assert.match(output, /image workbench done in/, 'it says how far it is');
  assert.ok(seconds <= FIRST_START_S, `${seconds} s`);
});

test(`the lab is open in a browser within ${FIRST_START_S} s of that command`, { skip }, async (t) => {
  const opening = await openLab(first.link);
  t.diagnostic(
    `sign-in to open lab: ${opening.toFixed(1)} s; with the start: ${(first.seconds + opening).toFixed(0)} s`,
  );
  assert.ok(first.seconds + opening <= FIRST_START_S);
});

test('SIGINT ends it, and it leaves with 0', { skip }, async () => {
  const { output } = await machine.run(
    'kill -INT -$(cat ~/start.pid); for i in $(seq 100); do pgrep -f "cli/[d]rydock.ts" > /dev/null || break; sleep 0.1; done; pgrep -f "cli/[d]rydock.ts"; ls ~/.drydock; tail -n 2 ~/start.log',
  );
  assert.doesNotMatch(output, /server\.json/, output);
  assert.doesNotMatch(output, /^\d+$/m, 'no process is left');
});

test(`a second start serves within ${SECOND_START_S} s and redoes nothing`, { skip }, async (t) => {
  const { seconds, output, link } = await start();
  const opening = await openLab(link);
  t.diagnostic(
    `second start: ${seconds.toFixed(1)} s, bound ${SECOND_START_S} s; open lab ${opening.toFixed(1)} s later`,
  );
  assert.doesNotMatch(output, /Installing|image |course site/, output);
  assert.ok(seconds <= SECOND_START_S, `${seconds} s`);
});

test('a second server is refused while the first one serves', { skip }, async () => {
  const { code, output } = await machine.run('cd ~/drydock && ./drydock up --no-open --port 4701');
  assert.equal(code, 3);
  assert.match(output, /already serves at http:\/\/127\.0\.0\.1:4700/);
});

test('"down --all" takes it all away again: server, labs, images, engine, state', { skip }, async () => {
  const { code, output } = await machine.run('cd ~/drydock && ./drydock down --all');
  assert.equal(code, 0, output);
  assert.match(output, /Removed \d+ images/);
  const left = await machine.run(
    'pgrep -l dockerd; pgrep -fl "cli/[d]rydock.ts"; ls -d ~/.drydock; ls /var/lib/docker/image/overlay2/imagedb/content/sha256 | wc -l',
  );
  assert.match(left.output, /^ls: cannot access '\/root\/\.drydock': No such file or directory\n0\n$/);
});
