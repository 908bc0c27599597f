import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '../support/ask.ts';
import { openTerminal } from '../support/open-terminal.ts';
import { BEARER, startServer } from '../support/start-server.ts';

const COOKIE = /^__Host-drydock=[A-Za-z0-9_-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=43200$/;

test('W3 a sign-in link works once: cookie, redirect without the token, then 401', async (t) => {
  const server = await startServer(t);
  const token = server.auth.issueToken('ann');
  const path = `/sign-in?token=${token}&next=/labs/access-control/`;
  const first = await ask(server.port, { path });
  assert.equal(first.status, 303);
  assert.equal(first.headers.location, '/labs/access-control/');
  assert.equal(first.headers['referrer-policy'], 'no-referrer');
  assert.equal(first.headers['cache-control'], 'no-store');
  const [cookie = ''] = first.headers['set-cookie'] ?? [];
  assert.match(cookie, COOKIE);
  const me = await ask(server.port, { path: '/api/me', headers: { cookie: cookie.split(';')[0] } });
  assert.deepEqual(me.json(), { user: 'ann' });

  const second = await ask(server.port, { path });
  assert.equal(second.status, 401);
  assert.equal(second.headers['set-cookie'], undefined);
});

test('W3 two exchanges of one token at once give exactly one sign-in', async (t) => {
  const server = await startServer(t);
  const path = `/sign-in?token=${server.auth.issueToken('ann')}`;
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask(server.port, { path })));
  assert.equal(answers.filter((answer) => answer.status === 303).length, 1);
});

test('W3 no, short, wrong and foreign tokens are 401 and sign nobody in', async (t) => {
  const server = await startServer(t);
  const token = server.auth.issueToken('ann');
  const wrong = [
    undefined,
    '',
    'a',
    token.slice(0, -1),
    `${token}a`,
    token.toUpperCase(),
    token.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')),
  ];
  for (const one of wrong) {
    const { status, headers } = await ask(server.port, {
      path: one === undefined ? '/sign-in' : `/sign-in?token=${one}`,
    });
    assert.equal(status, 401, String(one));
    assert.equal(headers['set-cookie'], undefined);
  }
  assert.equal((await ask(server.port, { path: `/sign-in?token=${token}` })).status, 303, 'the right one still works');
});

test('W3 no, short, wrong and ended cookies and bearer tokens are 401, on HTTP and WebSocket', async (t) => {
  const server = await startServer(t);
  const { id } = await server.sessions.open('ann', 'access-control');
  const good = await server.cookie('ann');
  const bad = [
    {},
    { cookie: '' },
    { cookie: '__Host-drydock=' },
    { cookie: good.slice(0, -1) },
    { cookie: `${good}a` },
    { cookie: good.replace('__Host-', '') },
    { authorization: 'Bearer ' },
    { authorization: `Bearer ${BEARER.slice(1)}` },
    { authorization: BEARER },
    { authorization: `Basic ${BEARER}` },
    { authorization: 'Bearer x', cookie: good },
  ];
  for (const headers of bad) {
    assert.equal((await ask(server.port, { path: '/api/me', headers })).status, 401, JSON.stringify(headers));
    assert.equal(
      (await openTerminal(server, id, { origin: server.origin, ...headers })).status,
      401,
      JSON.stringify(headers),
    );
  }
  assert.equal(server.sessions.keeper.attachments.length, 0);
  assert.equal((await ask(server.port, { path: '/api/me', headers: { cookie: `a=b; ${good}; c=d` } })).status, 200);
  assert.equal(
    (await ask(server.port, { path: '/api/me', headers: { authorization: `Bearer ${BEARER}` } })).status,
    200,
  );
});

test('W3 neither token nor cookie nor bearer ever stands in the log', async (t) => {
  const server = await startServer(t);
  const token = server.auth.issueToken('ann');
  const { headers } = await ask(server.port, { path: `/sign-in?token=${token}` });
  const cookie = (headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
  await ask(server.port, { path: `/sign-in?token=${token}`, headers: { cookie, authorization: `Bearer ${BEARER}` } });
  await ask(server.port, { path: `/sign-in/?token=${token}`, headers: { host: 'evil.example' } });
  await ask(server.port, {
    method: 'POST',
    path: '/api/sign-in',
    headers: { origin: server.origin },
    body: { token, more: 1 },
  });
  await openTerminal(server, 'x', { origin: server.origin, cookie }, `token=${token}`);
  assert.match(server.log(), /"path":"\/sign-in"/, 'the log does say that something was asked');
  for (const secret of [token, cookie.split('=')[1] ?? '', BEARER]) assert.equal(server.log().includes(secret), false);
});

test('a token is refused after 15 minutes, and only the newest few live', async (t) => {
  const server = await startServer(t);
  const old = server.auth.issueToken('ann');
  server.advance(15 * 60_000 - 1000);
  const kept = server.auth.issueToken('ann');
  server.advance(1001);
  assert.equal((await ask(server.port, { path: `/sign-in?token=${old}` })).status, 401);
  for (let more = 0; more < 4; more++) server.auth.issueToken('ann');
  assert.equal((await ask(server.port, { path: `/sign-in?token=${kept}` })).status, 401);
});

test('a cookie ends after 12 hours', async (t) => {
  const server = await startServer(t);
  const cookie = await server.cookie('ann');
  server.advance(12 * 3600_000 - 5000);
  assert.equal((await ask(server.port, { path: '/api/me', headers: { cookie } })).status, 200);
  server.advance(5001);
  assert.equal((await ask(server.port, { path: '/api/me', headers: { cookie } })).status, 401);
});

test('sign-out ends the cookie on the server', async (t) => {
  const server = await startServer(t);
  const cookie = await server.cookie('ann');
  const out = await ask(server.port, {
    method: 'POST',
    path: '/api/sign-out',
    headers: { cookie, origin: server.origin },
  });
  assert.equal(out.status, 204);
  assert.match(out.headers['set-cookie']?.[0] ?? '', /^__Host-drydock=; .*Max-Age=0$/);
  assert.equal((await ask(server.port, { path: '/api/me', headers: { cookie } })).status, 401);
});

test('a link opened again by a browser that is signed in just goes on', async (t) => {
  const server = await startServer(t);
  const cookie = await server.cookie('ann');
  const again = await ask(server.port, { path: '/sign-in?token=used&next=/labs/', headers: { cookie } });
  assert.deepEqual([again.status, again.headers.location], [303, '/labs/']);
});

test('only a local path is gone on to', async (t) => {
  const server = await startServer(t);
  const cookie = await server.cookie('ann');
  const cases: Record<string, string> = {
    '/a/?b=c#d': '/a/?b=c#d',
    '//evil.example': '/',
    '/\\evil.example': '/',
    'https://evil.example': '/',
    'javascript:alert(1)': '/',
    '/\t/evil.example': '/',
    '/..//evil.example': '/evil.example',
    '/a\r\nSet-Cookie: x=y': '/aSet-Cookie:%20x=y',
    '': '/',
  };
  for (const [next, location] of Object.entries(cases)) {
    const { headers } = await ask(server.port, {
      path: `/sign-in?token=x&next=${encodeURIComponent(next)}`,
      headers: { cookie },
    });
    assert.equal(headers.location, location, next);
  }
});

test('a picture, a prefetch or a HEAD does not use a link up', async (t) => {
  const server = await startServer(t);
  const path = `/sign-in?token=${server.auth.issueToken('ann')}`;
  assert.equal((await ask(server.port, { path, headers: { 'sec-fetch-dest': 'image' } })).status, 403);
  assert.equal((await ask(server.port, { path, headers: { 'sec-purpose': 'prefetch' } })).status, 403);
  assert.equal((await ask(server.port, { path, method: 'HEAD' })).status, 403);
  assert.equal(
    (await ask(server.port, { path, headers: { 'sec-fetch-dest': 'document', 'sec-fetch-site': 'cross-site' } }))
      .status,
    303,
  );
});

test('a person who opens a used link reads a page, a program gets JSON', async (t) => {
  const server = await startServer(t);
  const page = await ask(server.port, { path: '/sign-in?token=x', headers: { accept: 'text/html,*/*' } });
  assert.match(page.headers['content-type'] ?? '', /^text\/html/);
  assert.match(page.text, /This sign-in link does not work/);
  const json = await ask(server.port, { path: '/sign-in?token=x' });
  assert.match(json.text, /"name":"token-refused"/);
});

test('wrong tries are limited to ten a minute; right ones are not counted', async (t) => {
  const server = await startServer(t);
  for (let right = 0; right < 12; right++) {
    assert.equal((await ask(server.port, { path: `/sign-in?token=${server.auth.issueToken('ann')}` })).status, 303);
  }
  const seen = [];
  for (let wrong = 0; wrong < 12; wrong++) seen.push((await ask(server.port, { path: '/sign-in?token=wrong' })).status);
  assert.deepEqual(seen, [...Array(10).fill(401), 429, 429]);
});
