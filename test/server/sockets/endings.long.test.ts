import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '../support/ask.ts';
import { mustOpen, openTerminal, until } from '../support/open-terminal.ts';
import { startServer } from '../support/start-server.ts';

async function opened(t: Parameters<typeof startServer>[0]) {
  const server = await startServer(t);
  const { id } = await server.sessions.open('ann', 'access-control');
  const cookie = await server.cookie('ann');
  return { server, id, cookie, client: await mustOpen(server, id, cookie) };
}

test('W7 when the session ends its terminals close within 5 s, and their execs with them', async (t) => {
  const { server, id, client } = await opened(t);
  await until('attached', () => client.messages.length > 0);
  const start = performance.now();
  server.sessions.end(id);
  assert.deepEqual(await client.closed, { code: 4001, reason: 'the session ended' });
  assert.ok(performance.now() - start < 5000);
  assert.equal(server.sessions.keeper.attachments[0]?.closed, true);
});

test('W7 a peer that answers nothing is cut off within 5 s of the end', async (t) => {
  const { server, id, client } = await opened(t);
  await until('attached', () => client.messages.length > 0);
  client.ws.pause();
  const start = performance.now();
  server.sessions.end(id);
  await until('cut', () => server.sessions.keeper.attachments[0]?.closed === true);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  client.ws.resume();
  await client.closed;
  assert.ok(performance.now() - start < 5000);
});

test('W7 signing out closes the terminals of that sign-in and of no other', async (t) => {
  const { server, id, cookie, client } = await opened(t);
  const other = await mustOpen(server, id, await server.cookie('ann'), 'target=workbench&name=other');
  await ask(server.port, { method: 'POST', path: '/api/sign-out', headers: { cookie, origin: server.origin } });
  assert.equal((await client.closed).code, 4002);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(other.ws.readyState, other.ws.OPEN);
});

test('W7 a sign-in that expires closes its terminals', async (t) => {
  const server = await startServer(t);
  const { id } = await server.sessions.open('ann', 'access-control');
  const cookie = await server.cookie('ann');
  server.advance(12 * 3600_000 - 300);
  const client = await mustOpen(server, id, cookie);
  assert.equal((await client.closed).code, 4002);
});

test('what a browser sends after the end reaches no shell', async (t) => {
  const { server, id, client } = await opened(t);
  await until('attached', () => client.messages.length > 0);
  client.ws.pause();
  server.sessions.end(id);
  client.type('too late');
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.deepEqual(server.sessions.keeper.attachments[0]?.typed, []);
});

test('a session has room for 64 terminals, the next one is refused before an exec', async (t) => {
  const { server, id, cookie } = await opened(t);
  const more = await Promise.all(
    Array.from({ length: 63 }, (_, at) => mustOpen(server, id, cookie, `target=workbench&name=n${at}`)),
  );
  const refused = await openTerminal(server, id, { origin: server.origin, cookie });
  assert.equal(refused.status, 429);
  assert.equal(server.sessions.keeper.attachments.length, 64);
  more[0]?.ws.close();
  await more[0]?.closed;
  await mustOpen(server, id, cookie);
});

test('a terminal that cannot be opened says so in words, then closes', async (t) => {
  const { server, id, cookie } = await opened(t);
  const client = await mustOpen(server, id, cookie, 'target=nowhere');
  assert.equal((await client.closed).code, 1011);
  assert.deepEqual(
    client.messages.map((message) => message.type),
    ['problem'],
  );
});

test('a query that is not understood is 400 before an exec', async (t) => {
  const { server, id, cookie } = await opened(t);
  for (const query of [
    '',
    'target=../x',
    'target=workbench&name=a;b',
    'target=workbench&cols=0',
    'target=workbench&from=-1',
    'target=workbench&rows=NaN',
  ]) {
    assert.equal((await openTerminal(server, id, { origin: server.origin, cookie }, query)).status, 400, query);
  }
  assert.equal(server.sessions.keeper.attachments.length, 1);
});
