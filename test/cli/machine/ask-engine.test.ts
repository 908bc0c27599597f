import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { askEngine, atLeast } from '../../../runner/cli/machine/ask-engine.ts';

let folder: string;
const servers: Server[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-engine-'));
});
after(async () => {
  for (const server of servers) server.close();
  await rm(folder, { recursive: true });
});

async function listening(name: string, server: Server): Promise<{ socketPath: string }> {
  servers.push(server);
  const socketPath = join(folder, name);
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return { socketPath };
}

const engine = (answers: Record<string, unknown>) =>
  http.createServer((request, answer) => answer.end(JSON.stringify(answers[request.url ?? ''] ?? {})));

test('an engine that answers is ready, with its version and runc', async () => {
  const version = { Version: '27.1.0', Components: [{ Name: 'runc', Version: '1.2.9' }] };
  const address = await listening(
    'ready',
    engine({ '/version': version, '/info': { NCPU: 4, MemTotal: 8e9, CgroupVersion: '2' } }),
  );
  const state = await askEngine(address);
  assert.ok(state.kind === 'ready');
  assert.equal(state.version, '27.1.0');
  assert.equal(state.runc, '1.2.9');
  assert.equal(state.info.NCPU, 4);
});

test('an old engine is too old', async () => {
  const address = await listening('old', engine({ '/version': { Version: '19.03.15' } }));
  assert.deepEqual(await askEngine(address), { kind: 'too-old', version: '19.03.15' });
});

test('no socket, and a socket nobody listens on, are nothing', async () => {
  assert.deepEqual(await askEngine({ socketPath: join(folder, 'none') }), { kind: 'nothing-there' });
  assert.deepEqual(await askEngine({ host: '127.0.0.1', port: 9 }), { kind: 'nothing-there' });
});

test('something that is no engine is said to be none', async () => {
  const page = await listening(
    'page',
    http.createServer((_request, answer) => answer.end('<html>')),
  );
  assert.equal((await askEngine(page)).kind, 'no-answer');
  const other = await listening('other', engine({ '/version': { name: 'thing' } }));
  assert.deepEqual(await askEngine(other), { kind: 'no-answer', reason: 'its answer is not that of a Docker engine' });
  const refusing = await listening(
    'refusing',
    http.createServer((_request, answer) => answer.writeHead(503).end()),
  );
  assert.deepEqual(await askEngine(refusing), { kind: 'no-answer', reason: 'it answers with HTTP status 503' });
});

test('an engine that takes the call and says nothing is not waited for', async () => {
  const address = await listening(
    'silent',
    createServer((socket) => socket.unref()),
  );
  assert.deepEqual(await askEngine(address, 200), { kind: 'no-answer', reason: 'it does not answer' });
});

test('versions compare by number, whatever follows them', () => {
  for (const [version, least, expected] of [
    ['20.10.24+dfsg1', '20.10', true],
    ['20.10', '20.10.0', true],
    ['19.03.15', '20.10', false],
    ['v29.10.0', '29.9.3', true],
    ['1.2.10', '1.2.8', true],
    ['1.2.7', '1.2.8', false],
    ['dev', '20.10', false],
  ] as const) {
    assert.equal(atLeast(version, least), expected, `${version} ≥ ${least}`);
  }
});
