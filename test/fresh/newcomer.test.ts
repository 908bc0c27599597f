import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser } from '../e2e/support/browser.ts';
import { labPage } from '../e2e/support/lab-page.ts';
import { untilText } from '../e2e/support/until-text.ts';
import { type FreshMachine, freshMachine, removeFreshMachines } from './support/fresh-machine.ts';
import { root, testContext, whyNoMachines } from './support/test-context.ts';

const FIRST_START_S = 8 * 60;
const SECOND_START_S = 5;

const context = await testContext();
const skip = (await whyNoMachines(context)) ?? false;
let machine: FreshMachine;
/** Of the newcomer's one command. */
let first: Started;

before(async () => {
  if (skip) return;
  await removeFreshMachines(context);
  machine = await freshMachine(context, { engine: true, shown: { [root]: '/origin' } });
});

after(() => machine?.[Symbol.asyncDispose]());

/** Starts the course in the background and waits until it answers. */
const START = `
cd ~/drydock
began=$(date +%s%N)
setsid npm start -- --no-open > ~/start.log 2>&1 < /dev/null & echo $! > ~/start.pid
until grep -q 'sign-in' ~/start.log; do
  kill -0 $(cat ~/start.pid) 2>/dev/null || { cat ~/start.log; exit 1; }
  sleep 0.05
done
ended=$(date +%s%N)
cat ~/start.log
./drydock exec node -e "fetch('http://127.0.0.1:4700/').then((answer) => console.log('ANSWER', answer.status));"
echo "SECONDS $(( (ended - began) / 1000000 ))e-3"
`;

interface Started {
  readonly seconds: number;
  readonly output: string;
  readonly link: string;
}

async function start(): Promise<Started> {
  const { code, output } = await machine.run(START);
  assert.equal(code, 0, output);
  const link = /http:\S+\/sign-in\S+/.exec(output)?.[0] ?? '';
  assert.match(output, /^ANSWER 200$/m, output);
  return { seconds: Number(/^SECONDS (\S+)$/m.exec(output)?.[1]), output, link };
}

/** The course listens on the machine's loopback address alone; this carries a browser outside to it. */
const CARRY = `setsid node -e "
  const net = require('net');
  net.createServer((from) => {
    const to = net.connect(4700, '127.0.0.1');
    from.pipe(to).pipe(from);
    for (const end of [from, to]) end.on('error', () => { from.destroy(); to.destroy(); });
  }).listen(4701);" > /dev/null 2>&1 < /dev/null & sleep 1`;

/** From the sign-in link to an open lab with a shell, as a newcomer clicks; seconds. */
async function openLab(link: string): Promise<number> {
  const browser = await openBrowser([`--host-resolver-rules=MAP localhost ${machine.address}:4701`]);
  try {
    const began = performance.now();
    const page = await browser.newPage();
    await page.goto(link.replace('127.0.0.1', 'localhost'));
    await page.getByRole('link', { name: 'Start with access control' }).click();
    await page.getByRole('link', { name: 'Start the lab' }).click();
    const lab = labPage(page);
    await untilText(lab.connection, /Connected/, 60_000);
    await lab.readAloud();
    await untilText(lab.screen, /workbench \S+ \$/);
    return (performance.now() - began) / 1000;
  } finally {
    await browser.close();
  }
}

test('the machine has an old Node, and no engine, browser or packages', { skip }, async () => {
  const { output } = await machine.run('node --version; ls /usr/sbin/dockerd /usr/bin/chromium ~/.npm ~/drydock');
  assert.match(output, /^v18\./);
  assert.equal(output.match(/No such file/g)?.length, 4, output);
});

test(`a fresh clone serves after one command, within ${FIRST_START_S} s`, { skip }, async (t) => {
  const cloned = await machine.run(
    'git config --global --add safe.directory "*" && git clone --depth 1 file:///origin drydock',
  );
  assert.equal(cloned.code, 0, cloned.output);
  first = await start();
  const { seconds, output } = first;
  t.diagnostic(`first start: ${seconds.toFixed(0)} s, bound ${FIRST_START_S} s`);
  assert.match(output, /install Debian's packages docker\.io/, 'it says what it installs');
  assert.match(output, /image workbench done in/, 'it says how far it is');
  assert.ok(seconds <= FIRST_START_S, `${seconds} s`);
});

test(`the lab is open in a browser within ${FIRST_START_S} s of that command`, { skip }, async (t) => {
  await machine.run(CARRY);
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
  assert.match(output, /Removed 6 images/);
  const left = await machine.run(
    'pgrep -l dockerd; pgrep -fl "cli/[d]rydock.ts"; ls -d ~/.drydock; ls /var/lib/docker/image/overlay2/imagedb/content/sha256 | wc -l',
  );
  assert.match(left.output, /^ls: cannot access '\/root\/\.drydock': No such file or directory\n0\n$/);
});
