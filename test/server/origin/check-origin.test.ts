import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openTerminal } from '../support/open-terminal.ts';
import { startServer } from '../support/start-server.ts';

type Origins = Readonly<Record<string, string | undefined>>;

function badOrigins(port: number): Origins {
  return {
    missing: undefined,
    null: 'null',
    other: 'https://evil.example',
    'our name as a suffix': `http://evil-127.0.0.1:${port}`,
    'our name as a prefix': `http://127.0.0.1.evil.example:${port}`,
    'localhost as a prefix': `http://localhost.evil.example:${port}`,
    'another port': `http://127.0.0.1:${port + 1}`,
    'no port': 'http://127.0.0.1',
    'a longer port': `http://127.0.0.1:${port}0`,
    'another scheme': `https://127.0.0.1:${port}`,
    'with a path': `http://127.0.0.1:${port}/`,
    'with a user': `http://127.0.0.1:${port}@evil.example`,
    'in capitals': `HTTP://LOCALHOST:${port}`,
    'two at once': `http://127.0.0.1:${port}, https://evil.example`,
  };
}

async function statuses(t: TestContext, defended: boolean) {
  const server = await startServer(t, defended ? {} : { origin: (real) => ({ ...real, allowsOrigin: () => true }) });
  const { id } = await server.sessions.open('ann', 'access-control');
  const cookie = await server.cookie('ann');
  const found: Record<string, number> = {};
  for (const [name, origin] of Object.entries(badOrigins(server.port))) {
    const { status, client } = await openTerminal(server, id, origin === undefined ? { cookie } : { cookie, origin });
    client?.ws.terminate();
    found[name] = status;
  }
  return { server, id, cookie, found };
}

test('W1 a terminal handshake of any other origin is answered with 403 before an exec exists', async (t) => {
  const { server, id, cookie, found } = await statuses(t, true);
  for (const [name, status] of Object.entries(found)) assert.equal(status, 403, name);
  assert.equal(server.sessions.keeper.attachments.length, 0);

  for (const origin of [server.origin, `http://localhost:${server.port}`]) {
    const { status, client } = await openTerminal(server, id, { cookie, origin });
    assert.equal(status, 101, origin);
    client?.ws.terminate();
  }
  assert.equal(server.sessions.keeper.attachments.length, 2);
});

test('W1 control: with the origin check off, the same handshakes get in', async (t) => {
  const { server, found } = await statuses(t, false);
  for (const [name, status] of Object.entries(found)) assert.equal(status, name === 'missing' ? 403 : 101, name);
  assert.equal(server.sessions.keeper.attachments.length, Object.keys(found).length - 1);
});

test('W1 a handshake the browser marks as cross-site is refused even with our origin', async (t) => {
  const server = await startServer(t);
  const { id } = await server.sessions.open('ann', 'access-control');
  const cookie = await server.cookie('ann');
  for (const site of ['cross-site', 'same-site', 'nonsense']) {
    const { status } = await openTerminal(server, id, { cookie, origin: server.origin, 'sec-fetch-site': site });
    assert.equal(status, 403, site);
  }
  assert.equal(server.sessions.keeper.attachments.length, 0);
});
