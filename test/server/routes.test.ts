import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Route, route, socket } from '../../runner/server/route.ts';
import { ROUTES } from '../../runner/server/routes.ts';
import { ask } from './support/ask.ts';
import { openTerminal } from './support/open-terminal.ts';
import { startServer, type TestServer } from './support/start-server.ts';

/** The rights as they are meant to be. A route that is new or changed has to be put here too. */
const MEANT: Readonly<Record<string, Route['access']>> = {
  'GET /healthz': 'public',
  'GET /readyz': 'public',
  'GET /metrics': 'watcher',
  'GET /api/openapi.json': 'public',
  'GET /sign-in': 'public',
  'POST /api/sign-in': 'public',
  'POST /api/sign-out': 'signed-in',
  'GET /api/me': 'signed-in',
  'GET /api/labs': 'signed-in',
  'POST /api/sessions': 'signed-in',
  'GET /api/sessions': 'signed-in',
  'GET /api/sessions/:id': 'own-session',
  'DELETE /api/sessions/:id': 'own-session',
  'GET /api/sessions/:id/files': 'own-session',
  'GET /api/sessions/:id/file': 'own-session',
  'PUT /api/sessions/:id/file': 'own-session',
  'POST /api/sessions/:id/apply': 'own-session',
  'POST /api/sessions/:id/check': 'own-session',
  'POST /api/sessions/:id/flags': 'own-session',
  'POST /api/sessions/:id/hints': 'own-session',
  'WS /api/sessions/:id/terminal': 'own-session',
};

const QUERIES: Readonly<Record<string, string>> = {
  'GET /api/sessions/:id/file': '?path=compose.yaml',
  'WS /api/sessions/:id/terminal': '?target=workbench',
};
const BODIES: Readonly<Record<string, unknown>> = {
  'POST /api/sessions': { lab: 'access-control' },
  'PUT /api/sessions/:id/file': { path: 'notes.txt', content: 'x', version: null },
  'POST /api/sessions/:id/check': {},
  'POST /api/sessions/:id/flags': { task: 'verify-signature', flag: 'x' },
  'POST /api/sessions/:id/hints': { task: 'verify-signature' },
};

const name = (route: Route) => `${route.method} ${route.path}`;

async function knock(server: TestServer, route: Route, id: string, cookie: string | undefined) {
  const headers = { origin: server.origin, ...(cookie === undefined ? {} : { cookie }) };
  if (route.method === 'WS') {
    const { status, client } = await openTerminal(server, id, headers);
    client?.ws.terminate();
    return { status, json: null };
  }
  const path = route.path.replace(':id', id) + (QUERIES[name(route)] ?? '');
  const body = BODIES[name(route)];
  const answer = await ask(server.port, {
    method: route.method,
    path,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  const isJson = /^application\/json/.test(answer.headers['content-type'] ?? '');
  return { status: answer.status, json: isJson ? answer.json() : null };
}

async function withSession(t: TestContext) {
  const server = await startServer(t);
  const { id } = await server.sessions.open('ann', 'access-control');
  server.sessions.effects.length = 0;
  return { server, id };
}

test('W5 every route has the access policy it is meant to have', () => {
  assert.deepEqual(Object.fromEntries(ROUTES.map((route) => [name(route), route.access])), MEANT);
});

test('W5 without a sign-in every route but the public ones answers 401', async (t) => {
  const { server, id } = await withSession(t);
  for (const route of ROUTES.filter((one) => one.access !== 'public')) {
    assert.equal((await knock(server, route, id, undefined)).status, 401, name(route));
  }
  assert.deepEqual(server.sessions.effects, []);
  assert.equal(server.sessions.keeper.attachments.length, 0);
});

test("W5 on every route somebody else's session answers 404, as one that never was", async (t) => {
  const { server, id } = await withSession(t);
  const bob = await server.cookie('bob');
  for (const route of ROUTES.filter((one) => one.access === 'own-session')) {
    const foreign = await knock(server, route, id, bob);
    const absent = await knock(server, route, '0123456789abcdef', bob);
    assert.equal(foreign.status, 404, name(route));
    assert.deepEqual(foreign, absent, name(route));
  }
  assert.deepEqual(server.sessions.effects, []);
  assert.equal(server.sessions.keeper.attachments.length, 0);
});

test('W5 control: the owner gets in everywhere, and every answer is what the contract says', async (t) => {
  const { server, id } = await withSession(t);
  const order = (route: Route) => (route.method === 'DELETE' || route.path === '/api/sign-out' ? 1 : 0);
  for (const route of ROUTES.filter((one) => one.access !== 'public').toSorted((a, b) => order(a) - order(b))) {
    const { status, json } = await knock(server, route, id, await server.cookie('ann'));
    assert.ok([101, 200, 201, 204].includes(status), `${name(route)} ${status}`);
    if ((status === 200 || status === 201) && !route.type) {
      assert.ok(route.answer, `${name(route)} has no answer schema`);
      route.answer.parse(json);
    }
  }
});

test('W5 ids that are none are 404', async (t) => {
  const { server } = await withSession(t);
  const headers = { cookie: await server.cookie('ann') };
  for (const id of ['x', '0123456789ABCDEF', '0123456789abcdef0', '__proto__', '%00', '..%2f..', '%', '1%E0%A4%A']) {
    const { status } = await ask(server.port, { path: `/api/sessions/${id}`, headers });
    assert.ok(status === 404 || status === 400, `${id} ${status}`);
  }
});

test('W5 a route without a policy, or with one its path does not fit, does not compile', () => {
  // tsc fails this file if one of these lines is accepted.
  // @ts-expect-error no policy
  route('GET', '/api/x', () => ({ json: 1 }));
  // @ts-expect-error no such policy
  route('GET', '/api/x', 'everybody', () => ({ json: 1 }));
  // @ts-expect-error nothing in the path says whose session
  route('GET', '/api/x', 'own-session', () => ({ json: 1 }));
  // @ts-expect-error a socket needs one too
  socket('/api/x', async () => {});
});
