import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ask } from './support/ask.ts';
import { raw } from './support/raw.ts';
import { startServer } from './support/start-server.ts';

test('W13 hostile JSON is answered with 4xx, pollutes nothing and has no effect', async (t) => {
  const server = await startServer(t);
  const headers = { cookie: await server.cookie('ann'), origin: server.origin, 'content-type': 'application/json' };
  const post = async (body: string) =>
    (await ask(server.port, { method: 'POST', path: '/api/sessions', headers, body })).status;
  const cases: Record<string, string> = {
    'not JSON': '{"lab":',
    'a bare string': '"access-control"',
    'a list': '[]',
    null: 'null',
    __proto__: '{"lab":"access-control","__proto__":{"polluted":true}}',
    'constructor.prototype': '{"lab":"access-control","constructor":{"prototype":{"polluted":true}}}',
    'deep list': `{"lab":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
    'deep object': `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
    'a wrong type': '{"lab":{"$ne":null}}',
    'an unknown key': '{"lab":"access-control","admin":true}',
    'a long name': `{"lab":"${'a'.repeat(100_000)}"}`,
  };
  for (const [name, body] of Object.entries(cases)) assert.equal(await post(body), 400, name);
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
  assert.deepEqual(server.sessions.effects, []);
  assert.equal(await post('{"lab":"access-control"}'), 201, 'control: an honest body is taken');
});

test('W13 a body of 10 MB is 413, announced or not, and a packed one is 415', async (t) => {
  const server = await startServer(t);
  const headers = { cookie: await server.cookie('ann'), origin: server.origin, 'content-type': 'application/json' };
  const large = JSON.stringify({ lab: 'a'.repeat(10_000_000) });
  const post = (body: string, more: Record<string, string>) =>
    ask(server.port, { method: 'POST', path: '/api/sessions', headers: { ...headers, ...more }, body }).then(
      (answer) => answer.status,
      // The server may hang up on what it will not read.
      (error: NodeJS.ErrnoException) => error.code,
    );
  for (const found of [await post(large, {}), await post(large, { 'transfer-encoding': 'chunked' })]) {
    assert.ok([413, 'EPIPE', 'ECONNRESET'].includes(found ?? ''), String(found));
  }
  const packed = gzipSync(large).toString('latin1');
  assert.equal(await post(packed, { 'content-encoding': 'gzip' }), 415);
  assert.equal((await ask(server.port, { path: '/healthz' })).status, 200);
});

test('W13 a wrong field is named', async (t) => {
  const server = await startServer(t);
  const { id } = await server.sessions.open('ann', 'access-control');
  const headers = { cookie: await server.cookie('ann'), origin: server.origin };
  const put = await ask(server.port, {
    method: 'PUT',
    path: `/api/sessions/${id}/file`,
    headers,
    body: { path: '../x', content: '', version: null },
  });
  assert.equal(put.status, 400);
  assert.match(put.text, /"message":"path: use a relative path/);
  const get = await ask(server.port, { path: `/api/sessions/${id}/file?path=/etc/passwd`, headers });
  assert.match(get.text, /"message":"path: /);
});

test('W13 headers and bodies that never end are cut off', async (t) => {
  const server = await startServer(t, {
    timeouts: { headersTimeout: 400, requestTimeout: 800, connectionsCheckingInterval: 100 },
  });
  const drips: NodeJS.Timeout[] = [];
  t.after(() => drips.forEach(clearInterval));
  const slowHeaders = raw(server.port, (write) => {
    write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n`);
    drips.push(setInterval(() => write('X-a: b\r\n'), 50));
  });
  const cookie = await server.cookie('ann');
  const slowBody = raw(server.port, (write) => {
    write(
      `POST /api/sessions HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nCookie: ${cookie}\r\nOrigin: ${server.origin}\r\n`,
    );
    write('Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n');
    drips.push(setInterval(() => write('{'), 50));
  });
  for (const cut of [await slowHeaders, await slowBody]) {
    assert.match(cut.text, /^HTTP\/1.1 408 /);
    assert.ok(cut.milliseconds < 2000, `${cut.milliseconds} ms`);
  }
});

test('W13 headers of 32 KB are 431', async (t) => {
  const server = await startServer(t);
  const { text } = await raw(server.port, (write) =>
    write(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(32_768)}\r\n\r\n`),
  );
  assert.match(text, /^HTTP\/1.1 431 /);
});
