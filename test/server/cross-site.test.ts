import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from './support/ask.ts';
import { BEARER, startServer } from './support/start-server.ts';

const body = { lab: 'access-control' };
const path = '/api/sessions';

test('W4 a cross-site form or fetch changes nothing', async (t) => {
  const server = await startServer(t);
  const cookie = await server.cookie('ann');
  const { origin } = server;
  const refused: [string, Record<string, string>][] = [
    ['no origin', { cookie }],
    ['other origin', { cookie, origin: 'https://evil.example' }],
    ['null origin', { cookie, origin: 'null' }],
    ['cross-site by fetch metadata', { cookie, origin, 'sec-fetch-site': 'cross-site' }],
    [
      'another port of this machine',
      { cookie, origin: `http://127.0.0.1:${server.port + 1}`, 'sec-fetch-site': 'same-site' },
    ],
  ];
  for (const [name, headers] of refused) {
    assert.equal((await ask(server.port, { method: 'POST', path, headers, body })).status, 403, name);
  }
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    '',
    'application/jsonp',
  ]) {
    const headers = { cookie, origin, 'content-type': type };
    assert.equal(
      (await ask(server.port, { method: 'POST', path, headers, body: JSON.stringify(body) })).status,
      415,
      type,
    );
  }
  assert.deepEqual(server.sessions.effects, []);
  const ours = await ask(server.port, { method: 'POST', path, headers: { cookie, origin }, body });
  assert.equal(ours.status, 201, 'control: our own page may');
});

test('W4 control: with the origin check off, the cross-site fetch does open a session', async (t) => {
  const server = await startServer(t, { origin: (real) => ({ ...real, allowsOrigin: () => true }) });
  const headers = { cookie: await server.cookie('ann'), origin: 'https://evil.example' };
  assert.equal((await ask(server.port, { method: 'POST', path, headers, body })).status, 201);
  assert.deepEqual(server.sessions.effects, ['open']);
});

test('W4 a wrong method has no effect', async (t) => {
  const server = await startServer(t);
  const { id } = await server.sessions.open('ann', 'access-control');
  server.sessions.effects.length = 0;
  const headers = { cookie: await server.cookie('ann'), origin: server.origin };
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
    const { status } = await ask(server.port, { method, path: `${path}/${id}/apply`, headers });
    assert.ok([200, 404].includes(status) && (status !== 200 || method === 'OPTIONS'), `${method} ${status}`);
  }
  assert.deepEqual(server.sessions.effects, []);
});

test('W4 no answer carries a CORS header, preflights included', async (t) => {
  const server = await startServer(t);
  const cookie = await server.cookie('ann');
  for (const method of ['GET', 'OPTIONS', 'POST']) {
    for (const origin of ['https://evil.example', server.origin]) {
      const answer = await ask(server.port, {
        method,
        path: '/api/me',
        headers: { cookie, origin, 'access-control-request-method': 'POST' },
      });
      const cors = Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'));
      assert.deepEqual(cors, [], `${method} ${origin}`);
    }
  }
});

test('the command line with its bearer token needs no origin, but a wrong one is refused', async (t) => {
  const server = await startServer(t);
  const authorization = `Bearer ${BEARER}`;
  assert.equal((await ask(server.port, { method: 'POST', path, headers: { authorization }, body })).status, 201);
  const headers = { authorization, origin: 'https://evil.example' };
  assert.equal((await ask(server.port, { method: 'POST', path, headers, body })).status, 403);
});
