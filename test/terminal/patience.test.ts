import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { attachTerminal } from '../../runner/terminal/attach-terminal.ts';
import { OUTPUT_SHARE, shareOutput } from '../../runner/terminal/share-output.ts';
import { TERMINAL_LIMITS } from '../../runner/terminal/terminal-limits.ts';
import type { TerminalSocket } from '../../runner/terminal/terminal-socket.ts';
import { fakeKeeper } from './support/fake-keeper.ts';

/** A peer that takes what it is sent and can be told to answer pings or not. */
function peer(answersPings: boolean) {
  const log: string[] = [];
  let receive: (data: Buffer, binary: boolean) => void = () => {};
  let pong = () => {};
  const closed: (() => void)[] = [];
  const end = (how: string) => {
    log.push(how);
    for (const tell of closed) tell();
  };
  const socket: TerminalSocket = {
    bufferedAmount: 0,
    send: (_data, done) => setImmediate(done),
    ping: () => {
      log.push('ping');
      if (answersPings) setImmediate(() => pong());
    },
    pause: () => void log.push('pause'),
    resume: () => void log.push('resume'),
    close: (code, reason) => end(`close ${code} ${reason}`),
    terminate: () => end('terminate'),
    onMessage: (to) => {
      receive = to;
    },
    onPong: (to) => {
      pong = to;
    },
    onClose: (to) => void closed.push(to),
  };
  return {
    socket,
    log,
    type: (bytes: Uint8Array | string) => receive(Buffer.from(bytes), true),
    say: (message: object) => receive(Buffer.from(JSON.stringify(message)), false),
  };
}

const SHARE = shareOutput(OUTPUT_SHARE);
const REQUEST = { name: 'main', cols: 80, rows: 24 };

test('P4 output stalled for its limit closes with 1013, and the exec with it', async () => {
  const keeper = fakeKeeper();
  const { socket, log, type } = peer(true);
  const done = attachTerminal(keeper.place(), REQUEST, socket, SHARE, { ...TERMINAL_LIMITS, stalledAfter: 100 });
  type('flood');
  await done;
  assert.deepEqual(log, ['close 1013 stalled']);
  assert.equal(keeper.attachments[0]?.closed, true);
});

test('L6 a shell that does not end when told to is given up in its time, and the exec with it', async () => {
  const keeper = fakeKeeper({ immortal: true });
  const { socket, log, say } = peer(true);
  const done = attachTerminal(keeper.place(), REQUEST, socket, SHARE, { ...TERMINAL_LIMITS, endWithin: 100 });
  say({ type: 'close' });
  await done;
  assert.deepEqual(log, ['close 1011 the shell did not end']);
  assert.equal(keeper.attachments[0]?.closed, true);
});

test('L6 a keeper that does not answer is given up in its time, and the exec with it', async () => {
  const keeper = fakeKeeper({ mute: true });
  const { socket, log } = peer(true);
  await attachTerminal(keeper.place(), REQUEST, socket, SHARE, { ...TERMINAL_LIMITS, attachWithin: 100 });
  assert.deepEqual(log, ['close 1011 the shell did not answer']);
  assert.equal(keeper.attachments[0]?.closed, true);
});

test('an idle terminal is not stalled, nor taken for one whose keeper does not answer', async () => {
  const { socket, log } = peer(true);
  const limits = { ...TERMINAL_LIMITS, stalledAfter: 30, attachWithin: 30 };
  void attachTerminal(fakeKeeper().place(), REQUEST, socket, SHARE, limits);
  await pause(150);
  assert.deepEqual(log, []);
  socket.terminate();
});

test('W7 a peer that misses two pings is dropped, one that answers is not', async () => {
  const limits = { ...TERMINAL_LIMITS, pingEvery: 20 };
  const dead = peer(false);
  await attachTerminal(fakeKeeper().place(), REQUEST, dead.socket, SHARE, limits);
  assert.deepEqual(dead.log, ['ping', 'ping', 'terminate']);
  const alive = peer(true);
  void attachTerminal(fakeKeeper().place(), REQUEST, alive.socket, SHARE, limits);
  await pause(200);
  assert.ok(alive.log.length >= 4 && !alive.log.includes('terminate'));
  alive.socket.terminate();
});

test('when the container takes no input, reading from the peer pauses, then goes on', async () => {
  const keeper = fakeKeeper();
  const place = keeper.place();
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const exec: typeof place.engine.exec = async (id, spec) => {
    const channel = await place.engine.exec(id, spec);
    const write = channel.write.bind(channel);
    channel.write = async (bytes) => {
      await gate;
      await write(bytes);
    };
    return channel;
  };
  const { socket, log, type } = peer(true);
  const done = attachTerminal({ ...place, engine: { ...place.engine, exec } }, REQUEST, socket, SHARE);
  for (let part = 0; part < 5; part++) type(Buffer.alloc(60_000, 'a'));
  assert.deepEqual(log, ['pause']);
  letGo();
  await pause(50);
  assert.deepEqual(log, ['pause', 'resume']);
  const typed = keeper.attachments[0]?.typed.reduce((sum, part) => sum + part.length, 0);
  assert.equal(typed, 300_000);
  socket.terminate();
  await done;
});
