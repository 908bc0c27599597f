import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listen } from '../../../runner/server/listen/listen.ts';
import { ask } from '../support/ask.ts';
import { mustOpen } from '../support/open-terminal.ts';
import { startServer } from '../support/start-server.ts';

test('a taken port is named, with who holds it and what to do', async (t) => {
  const first = await listen({ host: '127.0.0.1', port: 0 });
  t.after(() => first.close());
  await assert.rejects(listen({ host: '127.0.0.1', port: first.port }), (error: Error & { hint?: string }) => {
    assert.equal(error.name, 'environment');
    assert.match(error.message, new RegExp(`Port ${first.port} is taken by`));
    if (process.platform === 'linux') assert.match(error.message, new RegExp(`pid ${process.pid}`));
    assert.match(error.hint ?? '', /--port/);
    return true;
  });
});

test('an address this machine does not have is named', async () => {
  await assert.rejects(listen({ host: '192.0.2.1', port: 0 }), { name: 'environment', message: /192\.0\.2\.1/ });
});

test('until the app is ready the answer is 503', async (t) => {
  const door = await listen({ host: '127.0.0.1', port: 0 });
  t.after(() => door.close());
  const { status, headers } = await ask(door.port, { path: '/api/me' });
  assert.deepEqual([status, headers['retry-after']], [503, '1']);
});

test('L8 closing tells open terminals to come back, and ends although one does not answer', async (t) => {
  const server = await startServer(t);
  const { id } = await server.sessions.open('ann', 'access-control');
  const cookie = await server.cookie('ann');
  const polite = await mustOpen(server, id, cookie);
  const deaf = await mustOpen(server, id, cookie, 'target=workbench&name=two');
  deaf.ws.pause();
  const start = performance.now();
  await server.close();
  assert.equal((await polite.closed).code, 1012);
  assert.ok(performance.now() - start < 5000);
});
