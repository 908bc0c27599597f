import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { DrydockError } from '#contract';
import { memoryEngine } from '../../runner/engine/memory/memory-engine.ts';
import { observedEngine } from '../../runner/observe/observed-engine.ts';
import type { Observer } from '../../runner/observe/observer.ts';
import { ask } from './support/ask.ts';
import { mustOpen, until } from './support/open-terminal.ts';
import { raw } from './support/raw.ts';
import { BEARER, METRICS_TOKEN, startServer, type TestServer } from './support/start-server.ts';

const ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const linesOf = (server: TestServer) =>
  server
    .log()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);

/** Answers under way at the same time, each of which makes three engine calls with a pause between them. */
async function askAtOnce(t: TestContext, observer?: (real: Observer) => Observer) {
  const server = await startServer(t, observer ? { observer } : {});
  const engine = observedEngine(memoryEngine(), server.observer);
  const { id } = await server.sessions.open('ann', 'access-control');
  server.sessions.readFile = async (_user, _id, path) => {
    for (let call = 0; call < 3; call++) {
      await pause(Math.random() * 10);
      await engine.inspectContainer(path);
    }
    return { path, version: '', content: '' };
  };
  const cookie = await server.cookie('ann');
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, at) =>
      ask(server.port, { path: `/api/sessions/${id}/file?path=file-${at}`, headers: { cookie } }),
    ),
  );
  await until('all is logged', () => linesOf(server).filter(({ msg }) => msg === 'request').length === 10);
  return { ids: answers.map(({ headers }) => String(headers['x-request-id'])), lines: linesOf(server) };
}

test('a request answers with an id of its own, under which its line and every engine call made for it are logged', async (t) => {
  const { ids, lines } = await askAtOnce(t);
  assert.equal(new Set(ids).size, 10);
  ids.forEach((id, at) => {
    assert.match(id, ID);
    const mine = lines.filter((line) => line['id'] === id);
    assert.equal(mine.filter(({ msg }) => msg === 'request').length, 1);
    const calls = mine.filter(({ msg }) => msg === 'engine call').map(({ call, on }) => `${call} ${on}`);
    assert.deepEqual(calls, Array(3).fill(`inspectContainer file-${at}`));
  });
});

test('control: without the context the calls carry no id', async (t) => {
  const lost = (real: Observer): Observer => ({ ...real, trace: { ...real.trace, run: (_id, work) => work() } });
  const { lines } = await askAtOnce(t, lost);
  const calls = lines.filter(({ msg }) => msg === 'engine call');
  assert.equal(calls.length, 30);
  assert.ok(calls.every((line) => !('id' in line)));
});

test('every answer has an id, and never the one that was sent along', async (t) => {
  const server = await startServer(t);
  const sent = { 'x-request-id': 'forged"\\n' };
  const asked = [
    { path: '/healthz' },
    { path: '/api/me' },
    { path: '/api/nothing' },
    { path: '/nothing' },
    { path: '/%' },
    { path: '/', headers: { host: 'evil.example' } },
    { path: '/api/sessions', method: 'POST', body: '{' },
  ];
  for (const question of asked) {
    const { headers } = await ask(server.port, { ...question, headers: { ...sent, ...question.headers } });
    assert.match(String(headers['x-request-id']), ID, question.path);
  }
  assert.equal(server.log().includes('forged'), false);
});

test('a handshake, done or refused, answers with its id, under which the socket is logged to its end', async (t) => {
  const server = await startServer(t);
  const { id: session } = await server.sessions.open('ann', 'access-control');
  const cookie = await server.cookie('ann');
  const head = [
    `GET /api/sessions/${session}/terminal?target=workbench HTTP/1.1`,
    `Host: 127.0.0.1:${server.port}`,
    `Origin: ${server.origin}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`,
  ];
  const refused = await raw(server.port, (write) => write(`${head.join('\r\n')}\r\n\r\n`));
  const idIn = (text: string) => /^x-request-id: (\S+)/im.exec(text)?.[1];
  assert.match(refused.text, /^HTTP\/1\.1 401 /);
  const socket = connect(server.port, '127.0.0.1', () =>
    socket.write(`${[...head, `Cookie: ${cookie}`].join('\r\n')}\r\n\r\n`),
  );
  const opened = await new Promise<string>((resolve) =>
    socket.once('data', (data) => resolve(data.toString('latin1'))),
  );
  assert.match(opened, /^HTTP\/1\.1 101 /);
  socket.destroy();
  await until('the end is logged', () => server.log().includes('socket closed'));
  const told = (text: string) => linesOf(server).filter(({ id }) => id === idIn(text));
  assert.deepEqual(
    told(refused.text).map(({ msg }) => msg),
    ['socket refused'],
  );
  assert.deepEqual(
    told(opened).map(({ msg }) => msg),
    ['socket opened', 'socket closed'],
  );
});

test('an unforeseen error is shown and logged under the id of the request', async (t) => {
  const server = await startServer(t);
  const { id } = await server.sessions.open('ann', 'access-control');
  server.sessions.failWith = new TypeError('oh');
  const answer = await ask(server.port, {
    path: `/api/sessions/${id}/files`,
    headers: { cookie: await server.cookie('ann') },
  });
  const requestId = String(answer.headers['x-request-id']);
  assert.ok(answer.text.includes(requestId));
  assert.ok(linesOf(server).some((line) => line['msg'] === 'unexpected error' && line['id'] === requestId));
});

test('no flag, file, token, cookie, key stroke or word of the engine about a learner is logged', async (t) => {
  const server = await startServer(t);
  const { id } = await server.sessions.open('ann', 'access-control');
  const cookie = await server.cookie('ann');
  const headers = { cookie, origin: server.origin };
  const [flag, file, word, typed] = ['flag{canary-1}', 'canary-2', 'canary-3', 'canary-4'] as const;
  const post = (path: string, body: unknown, method = 'POST') =>
    ask(server.port, { method, path: `/api/sessions/${id}/${path}`, headers, body });
  await post('flags', { task: 'verify-signature', flag });
  await post('flags', { task: 'verify-signature', flag, more: flag });
  await post('file', { path: 'notes.txt', content: file, version: null }, 'PUT');
  await post('file', `{"content":"${file}`, 'PUT');
  await ask(server.port, { path: `/api/sessions/${id}/file?path=${word}`, headers });
  const cause = Object.assign(new Error(`exec: ${word}`), { json: { message: word } });
  server.sessions.failWith = new DrydockError('engine-refused', `The engine refused: exec: ${word}: not found.`, {
    cause,
  });
  await ask(server.port, { path: `/api/sessions/${id}/files`, headers });
  for (const authorization of [`Bearer ${BEARER}`, `Bearer ${METRICS_TOKEN}`])
    await ask(server.port, { path: '/metrics', headers: { authorization } });
  const client = await mustOpen(server, id, cookie);
  client.type(typed);
  await until('it is echoed', () => client.bytes() >= typed.length);
  client.ws.terminate();
  await until('the end is logged', () => server.log().includes('socket closed'));

  const secrets = [flag, file, word, typed, BEARER, METRICS_TOKEN, cookie.split('=')[1] ?? ''];
  const leaked = () => secrets.filter((secret) => server.log().includes(secret));
  assert.ok(linesOf(server).length >= 10, 'the log does say that something was asked');
  assert.deepEqual(leaked(), []);
  server.observer.log.debug({ headers, body: { flag } });
  assert.equal(leaked().length, 2, 'control: logging headers and body would be seen');
});
