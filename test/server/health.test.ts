import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DrydockError } from '#contract';
import { partReady } from '../../runner/server/ready/part-ready.ts';
import { readiness } from '../../runner/server/ready/readiness.ts';
import type { Part } from '../../runner/server/server-deps.ts';
import { ask } from './support/ask.ts';
import { raw } from './support/raw.ts';
import { startServer } from './support/start-server.ts';

const well: Part = { name: 'engine', ok: true, message: 'Answers.' };
const full: Part = { name: 'store', ok: false, message: 'Nothing could be saved. Make room on the disk.' };
const server: Part = { name: 'server', ok: true, message: 'Takes requests.' };

test('L10 readyz is 503 and names each part and what to do while one is not ready, healthz stays 200', async (t) => {
  const parts = [well, full];
  const { port, advance } = await startServer(t, { ready: async () => parts });
  const bad = await ask(port, { path: '/readyz' });
  assert.equal(bad.status, 503);
  assert.deepEqual(bad.json(), { ok: false, parts: [server, well, full] });
  const alive = await ask(port, { path: '/healthz' });
  assert.deepEqual([alive.status, alive.json()], [200, { ok: true }]);

  parts[1] = { ...full, ok: true };
  advance(2000);
  assert.equal((await ask(port, { path: '/readyz' })).status, 200, 'control: it recovers without a restart');
});

test('W2 both are answered without a sign-in, and only under a name of this server', async (t) => {
  const { port } = await startServer(t);
  for (const path of ['/healthz', '/readyz']) {
    assert.equal((await ask(port, { path })).status, 200, path);
    assert.equal((await ask(port, { path, headers: { host: 'evil.example' } })).status, 421, path);
  }
});

test('what goes wrong while asking is not ready, and is not told to anybody', async (t) => {
  const ready = async () => {
    throw new Error('password=hunter2');
  };
  const answer = await ask((await startServer(t, { ready })).port, { path: '/readyz' });
  assert.equal(answer.status, 503);
  assert.equal(answer.text.includes('hunter2'), false);
});

test('a part that never answers is not ready once its time is over', async () => {
  const { ask: parts } = readiness({ ready: () => new Promise(() => {}), clock: () => 0 }, 20);
  // The deadline keeps no process alive; a listening socket does in the server.
  const alive = setInterval(() => {}, 1000);
  assert.deepEqual(
    (await parts()).map(({ ok }) => ok),
    [true, false],
  );
  clearInterval(alive);
});

test('however many ask, the parts are asked once a second', async (t) => {
  let asked = 0;
  const { port, advance } = await startServer(t, { ready: async () => [{ ...well, message: `${++asked}` }] });
  await Promise.all(Array.from({ length: 20 }, () => ask(port, { path: '/readyz' })));
  assert.equal(asked, 1);
  advance(1001);
  await ask(port, { path: '/readyz' });
  assert.equal(asked, 2);
});

test('L8 a server that is stopping is not ready', async (t) => {
  const { port, close } = await startServer(t);
  const begin = `GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n`;
  const before = await raw(port, (write) => write(`${begin}\r\n`));
  assert.match(before.text, /^HTTP\/1\.1 200 /, 'control: before');
  // Only a request that was under way before can still be answered.
  const { text } = await raw(port, (write) => {
    write(begin);
    setTimeout(() => void close(), 50);
    setTimeout(() => write('\r\n'), 150);
  });
  assert.match(text, /^HTTP\/1\.1 503 /);
  assert.match(text, /is stopping/);
});

test('a part that fails says what to do, and neither where it is nor how it is reached', async () => {
  const away = new DrydockError('engine-unavailable', 'nothing listens at 10.0.0.7:2376 as admin:hunter2');
  const part = await partReady('engine', () => Promise.reject(away));
  assert.equal(part.ok, false);
  assert.match(part.message, /drydock doctor/);
  assert.equal(/10\.0\.0\.7|hunter2/.test(part.message), false);
  assert.equal((await partReady('engine', async () => 1)).ok, true, 'control: one that answers');
});
