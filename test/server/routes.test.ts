import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { type HttpRoute, type Route, route, socket } from '../../runner/server/route.ts';
import { ROUTES } from '../../runner/server/routes.ts';
import { ask } from './support/ask.ts';
import { endingsLast, knock, routeName } from './support/knock.ts';
import { METRICS_TOKEN, startServer } from './support/start-server.ts';

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
  'POST /api/sessions/:id/reset': 'own-session',
  'POST /api/sessions/:id/extend': 'own-session',
  'POST /api/sessions/:id/flags': 'own-session',
  'POST /api/sessions/:id/hints': 'own-session',
  'WS /api/sessions/:id/terminal': 'own-session',
};

type Options = Parameters<typeof startServer>[1];

async function withSession(t: TestContext, options: Options = {}) {
  const server = await startServer(t, options);
  const { id } = await server.sessions.open('ann', 'access-control');
  server.sessions.effects.length = 0;
  return { server, id };
}

/** Everything a stranger can do at a server with this table, by trying it; `[]` when its policies hold. */
async function leaks(t: TestContext, routes: readonly Route[]): Promise<string[]> {
  const { server, id } = await withSession(t, { routes });
  const bob = await server.cookie('bob');
  const found: string[] = [];
  for (const route of endingsLast(ROUTES.filter((one) => one.access !== 'public'))) {
    const { status } = await knock(server, route, id);
    if (status !== 401) found.push(`${routeName(route)} answers ${status} without a sign-in`);
  }
  for (const route of ROUTES.filter((one) => one.access === 'own-session')) {
    const foreign = await knock(server, route, id, bob);
    const absent = await knock(server, route, '0123456789abcdef', bob);
    if (foreign.status !== 404) found.push(`${routeName(route)} answers ${foreign.status} to somebody else`);
    if (!isDeepStrictEqual(foreign, absent)) found.push(`${routeName(route)} tells which sessions there are`);
  }
  found.push(...server.sessions.effects.map((effect) => `${effect} had an effect`));
  found.push(...server.sessions.keeper.attachments.map(() => 'a terminal was opened'));
  return found;
}

test('W5 every route has the access policy it is meant to have', () => {
  assert.deepEqual(Object.fromEntries(ROUTES.map((route) => [routeName(route), route.access])), MEANT);
});

test("W5 every route answers 401 without a sign-in, and somebody else's session is 404 as one that never was", async (t) => {
  assert.deepEqual(await leaks(t, ROUTES), []);
});

test('W5 control: a route whose policy is laxer than it is meant to be is found', async (t) => {
  const laxer = (path: string, change: Pick<HttpRoute, 'access' | 'handle'>) =>
    ROUTES.map((one) => (one.path === path && one.method === 'GET' ? { ...one, ...change } : one));
  const handle = () => ({ json: {} });
  const forAnybody = await leaks(t, laxer('/api/me', { access: 'public', handle }));
  assert.deepEqual(forAnybody, ['GET /api/me answers 200 without a sign-in']);
  const forSignedIn = await leaks(t, laxer('/api/sessions/:id', { access: 'signed-in', handle }));
  assert.deepEqual(forSignedIn, ['GET /api/sessions/:id answers 200 to somebody else']);
});

test('W5 control: the owner gets in everywhere, and every answer is what the contract says', async (t) => {
  const { server, id } = await withSession(t);
  for (const route of endingsLast(ROUTES.filter((one) => one.access !== 'public'))) {
    const { status, json } = await knock(server, route, id, await server.cookie('ann'));
    assert.ok([101, 200, 201, 204].includes(status), `${routeName(route)} ${status}`);
    if ((status === 200 || status === 201) && !route.type) {
      assert.ok(route.answer, `${routeName(route)} has no answer schema`);
      route.answer.parse(json);
    }
  }
});

test('W5 the metrics token opens the metrics and nothing else', async (t) => {
  const { server, id } = await withSession(t);
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  for (const { method, path, access } of ROUTES.filter((one) => one.access !== 'public' && one.method !== 'WS')) {
    const { status } = await ask(server.port, {
      method,
      path: path.replace(':id', id),
      headers: { ...headers, origin: server.origin },
    });
    assert.equal(status, access === 'watcher' ? 200 : 401, `${method} ${path}`);
  }
  assert.deepEqual(server.sessions.effects, []);
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
