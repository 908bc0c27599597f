import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, afterEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { serveTerminals } from './support/serve-terminals.ts';
import { shellContainer } from './support/shell-container.ts';
import { openTerminal, type TerminalClient } from './support/terminal-client.ts';

const container = await shellContainer();
const server = await serveTerminals([container.place]);
after(async () => {
  await server[Symbol.asyncDispose]();
  await container[Symbol.asyncDispose]();
});

const LINES = 100_000;
let count = 0;
const opened: TerminalClient[] = [];
async function open(name = `n${count++}`, from?: number): Promise<TerminalClient> {
  const client = await openTerminal(server.port, { name, ...(from === undefined ? {} : { from }) });
  opened.push(client);
  return client;
}
afterEach(async () => {
  for (const client of opened.splice(0)) client.ws.terminate();
  await settled(async () => (await container.execs()) === 0);
});

/** A shell that prints nothing but what it is told to; everything before is left aside. */
async function quiet(name: string): Promise<{ client: TerminalClient; from: number }> {
  const client = await open(name);
  client.type("PS1=; PS2=; stty -echo; printf 'qui%s\\n' et\n");
  await client.seen(/quiet\r\n$/);
  return { client, from: client.bytes() };
}

const numbers = Array.from({ length: LINES }, (_, at) => `${at + 1}\r\n`).join('');

/**
 * `seq 1 100000` in ten parts. At most one passes before each cut, so more is left at the last one than the ring holds.
 */
const COUNT =
  'for k in 0 1 2 3 4 5 6 7 8 9; do seq $((k * 10000 + 1)) $((k * 10000 + 10000)); sleep 0.3; done; echo over\n';
const CUTS = 4;
const AWAY_MS = 3500;

/**
 * What a client has of COUNT after several cuts, the last of them so long that the ring moves on; NULs stand for what
 * was said to be skipped. `slip`: it once asks for so many bytes too early, as a client that miscounts would.
 */
async function acrossCuts(name: string, slip = 0) {
  const { client, from } = await quiet(name);
  const parts: Buffer[] = [];
  let next = from;
  const take = (bytes: Buffer) => {
    parts.push(bytes);
    next += bytes.length;
  };
  let current = client;
  let skipped = 0;
  current.type(COUNT);
  for (let cut = 1; cut <= CUTS; cut++) {
    const before = current.bytes();
    await current.until(() => current.bytes() > before + 20_000, 'more output');
    current.ws.terminate();
    await current.closed;
    take(current.output().subarray(cut === 1 ? from : 0));
    if (cut === CUTS) await pause(AWAY_MS);
    const asked = next - (cut === 1 ? slip : 0);
    current = await open(name, asked);
    assert.equal(current.attached.seq, asked + current.attached.skipped);
    next = asked;
    skipped += current.attached.skipped;
    take(Buffer.alloc(current.attached.skipped));
  }
  await current.seen(/over\r\n$/);
  take(current.output());
  return { text: Buffer.concat(parts).toString('latin1'), skipped };
}

/** Where the text is not what `seq` prints; -1 when it is, but for bytes that were said to be skipped. */
function firstFault(text: string): number {
  const whole = `${numbers}over\r\n`;
  const fault = [...whole].findIndex((char, at) => text[at] !== char && text[at] !== '\0');
  return fault < 0 && text.length !== whole.length ? whole.length : fault;
}

test('L6 cuts during `seq 1 100000`: every byte once and in order, or as many as were said to be skipped', async (t) => {
  const { text, skipped } = await acrossCuts('cut');
  t.diagnostic(`${skipped} bytes skipped`);
  assert.equal(firstFault(text), -1);
  assert.equal(text.split('\0').length - 1, skipped);
  assert.ok(skipped > 0, 'the last cut was longer than the ring');
  assert.ok(text.length - skipped >= 256 * 1024, 'what the ring holds came back');
});

test('L6 control: a client that once comes back 10 bytes too early is found out', async () => {
  assert.ok(firstFault((await acrossCuts('slipped', 10)).text) > 0);
});

test('L6 a cut releases the exec at once and leaves the shell; no exec is left', async () => {
  const clients = await Promise.all(Array.from({ length: 8 }, (_, at) => open(`many${at}`)));
  assert.equal(await container.execs(), 8);
  for (const client of clients.slice(0, 4)) client.type('yes\n');
  for (const client of clients.slice(4)) client.type('sleep 1000\n');
  await pause(500);
  for (const client of clients) client.ws.terminate();
  await settled(async () => (await container.execs()) === 0);
  const left = await container.processes();
  assert.equal(left.filter((line) => /keeper attach many\d/.test(line)).length, 8, 'only the keepers are left');
  assert.equal(left.filter((line) => line === 'sleep 1000').length, 4);
  for (let at = 0; at < 8; at++) (await open(`many${at}`)).say({ type: 'close' });
  await settled(async () => !(await container.processes()).some((line) => /attach many/.test(line)));
});

test('L6 `close` ends the shell and its background jobs within 5 s, and leaves no exec', async () => {
  const client = await open('doomed');
  client.type('nohup sleep 4242 >/dev/null 2>&1 & (trap "" HUP TERM; sleep 4243) & sleep 4244 | cat & echo ready-$?\n');
  await client.seen(/ready-0/);
  await settled(async () => (await container.processes()).filter((line) => /^sleep 424/.test(line)).length === 3);
  const began = performance.now();
  client.say({ type: 'close' });
  assert.equal(await client.closed, 1000);
  await settled(async () => !(await container.processes()).some((line) => /^sleep 424|attach doomed/.test(line)));
  assert.ok(performance.now() - began < 5000);
  await settled(async () => (await container.execs()) === 0);
});

test('L6 control: a job that left by setsid outlives `close`, within the limits of the container', async () => {
  const client = await open('leaver');
  client.type('setsid sleep 4343 & echo ready-$?\n');
  await client.seen(/ready-0/);
  await settled(async () => (await container.processes()).includes('sleep 4343'));
  client.say({ type: 'close' });
  await client.closed;
  await settled(async () => !(await container.processes()).some((line) => /attach leaver/.test(line)));
  assert.ok((await container.processes()).includes('sleep 4343'));
});

test('L6 `close` over a new line gets in while the old one is choked with input nobody reads', async () => {
  const client = await open('choked');
  client.type('sleep 4545\n');
  for (let part = 0; part < 60; part++) client.type('a line\n'.repeat(8000));
  await pause(500);
  const again = await open('choked');
  const began = performance.now();
  again.say({ type: 'close' });
  await again.closed;
  await settled(async () => !(await container.processes()).some((line) => /^sleep 4545|attach choked/.test(line)));
  assert.ok(performance.now() - began < 5000);
});

test('L7 `cat` ends at Ctrl-D, what comes after is whole, and the code is right', async () => {
  const { client } = await quiet('eof');
  client.type('cat; sleep 0.3; seq 1 20000; exit 7\n');
  await pause(200);
  client.type('one\ntwo\n\x04');
  assert.equal(await client.closed, 1000);
  assert.equal(client.exit(), 7);
  const text = client.output().toString('latin1');
  assert.ok(text.endsWith('19999\r\n20000\r\nexit\r\n') || text.endsWith('19999\r\n20000\r\n'), text.slice(-60));
  assert.match(text, /one\r\ntwo\r\n1\r\n2\r\n/);
});

test('L7 control: without Ctrl-D `cat` goes on, and nothing that comes after it is printed', async () => {
  const { client } = await quiet('no-eof');
  client.type('cat; echo over; exit 7\n');
  await pause(200);
  client.type('one\n');
  await client.seen(/one\r\n/);
  await assert.rejects(client.seen(/over/, 1500), /in vain/);
  assert.equal(client.exit(), undefined);
});

/** Types 300,000 random bytes into `sha256sum`, the terminal set by `mode`; whether it read those very bytes. */
async function arrives(name: string, mode: string, within: number): Promise<boolean> {
  const { client } = await quiet(name);
  const bytes = randomBytes(300_000);
  client.type(`stty ${mode}; printf 're%s' ady; head -c 300000 | sha256sum; stty -raw\n`);
  await client.seen(/ready$/);
  for (let at = 0; at < bytes.length; at += 50_000) client.type(bytes.subarray(at, at + 50_000));
  const same = client.seen(new RegExp(createHash('sha256').update(bytes).digest('hex')), within);
  return same.then(
    () => true,
    () => false,
  );
}

test('L7 binary input arrives byte for byte', async () => assert.ok(await arrives('binary', 'raw', 20_000)));

test('L7 control: where the terminal still edits lines, other bytes arrive and the comparison says so', async () =>
  assert.equal(await arrives('edited', 'cooked', 3000), false));

/** Waits until it holds, at most 5 s: the time the bar gives. */
async function settled(holds: () => Promise<boolean>): Promise<void> {
  const began = performance.now();
  while (!(await holds())) {
    assert.ok(
      performance.now() - began < 5000,
      `not within 5 s: ${holds}\n${(await container.processes()).join('\n')}`,
    );
    await pause(50);
  }
}
