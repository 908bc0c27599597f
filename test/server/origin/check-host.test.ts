import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ask } from '../support/ask.ts';
import { openTerminal } from '../support/open-terminal.ts';
import { startServer, type TestServer } from '../support/start-server.ts';

function badHosts(port: number): string[] {
  return [
    'evil.example',
    `evil.example:${port}`,
    `127.0.0.1.evil.example:${port}`,
    `evil-localhost:${port}`,
    `localhost:${port + 1}`,
    'localhost',
    '127.0.0.1',
    `127.0.0.2:${port}`,
    `0.0.0.0:${port}`,
    `127.1:${port}`,
    `localhost.:${port}`,
    `user@localhost:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
  ];
}

async function byHttpAndSocket(server: TestServer, id: string, cookie: string, host: string) {
  const http = [];
  for (const path of ['/', '/healthz', '/api/me', '/nothing']) {
    http.push((await ask(server.port, { path, headers: { host, cookie } })).status);
  }
  const { status, client } = await openTerminal(server, id, { host, cookie, origin: server.origin });
  client?.ws.terminate();
  return { http, ws: status };
}

async function ready(t: TestContext, options: Parameters<typeof startServer>[1] = {}) {
  const server = await startServer(t, options);
  const { id } = await server.sessions.open('ann', 'access-control');
  return { server, id, cookie: await server.cookie('ann') };
}

test('W2 a Host that is not ours is answered with 421, on HTTP and WebSocket alike', async (t) => {
  const { server, id, cookie } = await ready(t);
  for (const host of badHosts(server.port)) {
    assert.deepEqual(await byHttpAndSocket(server, id, cookie, host), { http: [421, 421, 421, 421], ws: 421 }, host);
  }
  assert.equal(server.sessions.keeper.attachments.length, 0);
  for (const name of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]']) {
    const { http, ws } = await byHttpAndSocket(server, id, cookie, `${name}:${server.port}`);
    assert.deepEqual([http[1], http[2], ws], [200, 200, 101], name);
  }
});

test('W2 control: with the host check off, the same names are served', async (t) => {
  const { server, id, cookie } = await ready(t, { origin: (real) => ({ ...real, allowsHost: () => true }) });
  for (const host of badHosts(server.port)) {
    const { http, ws } = await byHttpAndSocket(server, id, cookie, host);
    assert.deepEqual([http[1], http[2], ws], [200, 200, 101], host);
  }
});

test('W2 forwarded headers change nothing', async (t) => {
  const { server, cookie } = await ready(t);
  const forwarded = { 'x-forwarded-host': `localhost:${server.port}`, forwarded: `host=localhost:${server.port}` };
  const lying = await ask(server.port, { path: '/api/me', headers: { cookie, host: 'evil.example', ...forwarded } });
  assert.equal(lying.status, 421);
  const harmless = await ask(server.port, { path: '/api/me', headers: { cookie, 'x-forwarded-host': 'evil.example' } });
  assert.equal(harmless.status, 200);
});

test('W2 a target in absolute form is refused', async (t) => {
  const { server, cookie } = await ready(t);
  const { status } = await ask(server.port, { path: `http://evil.example/api/me`, headers: { cookie } });
  assert.equal(status, 421);
});

test('W2 a public address is served under its own name and origin only', async (t) => {
  const { server, id, cookie } = await ready(t, { publicUrl: 'https://drydock.example.org' });
  const host = 'drydock.example.org';
  assert.equal((await ask(server.port, { path: '/api/me', headers: { cookie, host } })).status, 200);
  assert.equal((await ask(server.port, { path: '/api/me', headers: { cookie, host: `evil-${host}` } })).status, 421);
  const opened = await openTerminal(server, id, { cookie, host, origin: 'https://drydock.example.org' });
  assert.equal(opened.status, 101);
  opened.client?.ws.terminate();
  const plain = await openTerminal(server, id, { cookie, host, origin: 'http://drydock.example.org' });
  assert.equal(plain.status, 403);
});
