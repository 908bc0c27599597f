import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { TERMINAL_CLOSE, TERMINAL_WINDOW } from '#contract';
import { serveTerminals } from './support/serve-terminals.ts';
import { shellContainer } from './support/shell-container.ts';
import { openTerminal } from './support/terminal-client.ts';

const STALLED_AFTER_MS = 2000;
const container = await shellContainer();
const server = await serveTerminals([container.place], { stalledAfter: STALLED_AFTER_MS });
after(async () => {
  await server[Symbol.asyncDispose]();
  await container[Symbol.asyncDispose]();
});

test('P4 a client that never reads beside `cat /dev/urandom`: at most 1 MiB waits, it is closed once stalled, a neighbour echoes', async () => {
  const neighbour = await openTerminal(server.port, { name: 'neighbour' });
  const deaf = await openTerminal(server.port, { name: 'deaf', acks: false });
  deaf.type('cat /dev/urandom\n');
  await deaf.until(() => deaf.bytes() > 0, 'it flows');
  deaf.ws.pause();
  const began = performance.now();
  for (let round = 0; round < 20; round++) {
    neighbour.type(`echo $((${round} + 100000))\n`);
    await neighbour.seen(new RegExp(`${round + 100_000}`), 1000);
  }
  assert.ok(server.mostBuffered() <= 1024 * 1024, `${server.mostBuffered()} bytes waited`);
  // Read on only when its time is over: until then the window was full, and nothing but the limit could close it.
  await pause(Math.max(0, STALLED_AFTER_MS + 1000 - (performance.now() - began)));
  deaf.ws.resume();
  assert.equal(await deaf.closed, TERMINAL_CLOSE.stalled);
  assert.equal(deaf.bytes(), TERMINAL_WINDOW);
});

test('P4 control: one that reads and acknowledges is not closed, and gets far more', async () => {
  const client = await openTerminal(server.port, { name: 'reader', keeps: false });
  client.type('cat /dev/urandom\n');
  await pause(STALLED_AFTER_MS + 1000);
  assert.equal(client.ws.readyState, client.ws.OPEN);
  assert.ok(client.bytes() > 4 * TERMINAL_WINDOW, `${client.bytes()} bytes`);
  client.say({ type: 'close' });
  await client.closed;
});
