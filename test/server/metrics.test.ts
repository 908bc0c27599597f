import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMetrics } from '../observe/support/read-metrics.ts';
import { ask } from './support/ask.ts';
import { mustOpen, until } from './support/open-terminal.ts';
import { METRICS_TOKEN, startServer, type TestServer } from './support/start-server.ts';

const authorization = `Bearer ${METRICS_TOKEN}`;

async function metricsOf(server: TestServer) {
  const { text } = await ask(server.port, { path: '/metrics', headers: { authorization } });
  return readMetrics(text);
}

test('metrics are given to whoever is signed in or shows the token, and to nobody else', async (t) => {
  const { port, cookie } = await startServer(t);
  const path = '/metrics';
  const mine = await cookie('ann');
  for (const headers of [{ cookie: mine }, { authorization }]) {
    const answer = await ask(port, { path, headers });
    assert.equal(answer.status, 200);
    assert.match(answer.headers['content-type'] ?? '', /^text\/plain; version=0\.0\.4/);
  }
  const refused = [
    {},
    { authorization: 'Bearer ' },
    { authorization: `Bearer ${METRICS_TOKEN.slice(1)}` },
    { authorization: METRICS_TOKEN },
    { cookie: `__Host-drydock=${METRICS_TOKEN}` },
  ];
  for (const headers of refused)
    assert.equal((await ask(port, { path, headers })).status, 401, JSON.stringify(headers));
  assert.equal((await ask(port, { path, headers: { authorization, host: 'evil.example' } })).status, 421);
});

test('a request is counted under the route of the table, a page under "site", a socket as long as it is open', async (t) => {
  const server = await startServer(t);
  const { id } = await server.sessions.open('ann', 'access-control');
  const cookie = await server.cookie('ann');
  await ask(server.port, { path: `/api/sessions/${id}`, headers: { cookie } });
  await ask(server.port, { path: '/api/sessions/0000000000000000', headers: { cookie } });
  await ask(server.port, { path: '/lessons/access-control/' });
  const client = await mustOpen(server, id, cookie);
  const open = await metricsOf(server);
  const requests = (labels: string) => open.get(`drydock_http_request_seconds_count{${labels}}`);
  assert.equal(requests('method="GET",route="/api/sessions/:id",status="200"'), 1);
  assert.equal(requests('method="GET",route="/api/sessions/:id",status="404"'), 1);
  assert.equal(requests('method="GET",route="site",status="503"'), 1);
  assert.equal(requests('method="WS",route="/api/sessions/:id/terminal",status="101"'), 1);
  assert.equal(open.get('drydock_sockets'), 1);
  client.ws.close();
  await client.closed;
  await until('the socket is closed', () => server.log().includes('socket closed'));
  assert.equal((await metricsOf(server)).get('drydock_sockets'), 0);
});

test('no visitor can make the metrics grow: paths, ids, methods and names of theirs are no labels', async (t) => {
  const server = await startServer(t);
  const cookie = await server.cookie('ann');
  const visit = async (round: number) => {
    for (let at = 0; at < 20; at++) {
      const word = `visitor-${round}-${at}`;
      await ask(server.port, { path: `/${word}` });
      await ask(server.port, { path: `/api/${word}`, headers: { cookie } });
      await ask(server.port, { path: `/api/sessions/${word}`, headers: { cookie } });
    }
    for (const method of ['PROPFIND', 'M-SEARCH', 'UNLOCK', 'BIND'].slice(round)) await ask(server.port, { method });
  };
  const series = async () => [...(await metricsOf(server)).keys()].filter((name) => name.startsWith('drydock_'));
  await visit(0);
  await metricsOf(server);
  const first = await series();
  await visit(1);
  assert.deepEqual(await series(), first);
  assert.equal(first.join().includes('visitor'), false);

  server.observer.metrics.answered({ method: 'GET', route: '/visitor-2', status: 200, seconds: 0 });
  assert.notDeepEqual(await series(), first, 'control: a raw path would be seen');
});

test('an answer that nobody waited for is not counted as a good one', async (t) => {
  const server = await startServer(t);
  const { id } = await server.sessions.open('ann', 'access-control');
  const cookie = await server.cookie('ann');
  const held = Promise.withResolvers<never>();
  server.sessions.files = () => held.promise;
  const abort = new AbortController();
  const asked = fetch(`${server.origin}/api/sessions/${id}/files`, { headers: { cookie }, signal: abort.signal });
  setTimeout(() => abort.abort(), 100);
  await assert.rejects(asked);
  await until('it is logged', () => server.log().includes('/files'));
  const gone = 'drydock_http_request_seconds_count{method="GET",route="/api/sessions/:id/files",status="499"}';
  assert.equal((await metricsOf(server)).get(gone), 1);
  held.reject(new Error('let go'));
});
