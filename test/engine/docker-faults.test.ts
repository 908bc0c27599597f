import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createNetServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import { dockerEngine } from '../../runner/engine/docker/docker-engine.ts';
import { named } from '../suites/engine-fixture.ts';

/** What the engine at the other end of the socket does with a connection, before or after it has read a request. */
type Behaviour = (socket: Socket, request: string) => void;

async function engineThat(
  behave: Behaviour,
  use: (engine: ReturnType<typeof dockerEngine>, requests: string[]) => Promise<void>,
) {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'));
  const socketPath = join(folder, 'engine.sock');
  const requests: string[] = [];
  const open = new Set<Socket>();
  const server = createNetServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
    socket.on('data', (bytes) => {
      const line = bytes.toString('latin1').split('\r\n')[0] ?? '';
      requests.push(line);
      behave(socket, line);
    });
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  try {
    await use(dockerEngine({ address: { socketPath } }), requests);
  } finally {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  }
}

const json = (status: number, body: unknown) => {
  const text = JSON.stringify(body);
  return `HTTP/1.1 ${status} X\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
};

/** Runs `call` with the clock at the deadline as soon as the engine has the request. */
async function atDeadline(
  call: () => Promise<unknown>,
  requests: readonly string[],
  milliseconds: number,
): Promise<void> {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const result = call().then(
      () => null,
      (error: unknown) => error,
    );
    while (requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(milliseconds);
    const error = await result;
    assert.ok(named('engine-unavailable', /did not answer within/)(error), String(error));
  } finally {
    mock.timers.reset();
  }
}

test('L5 an engine that takes the call and says nothing fails at the deadline', () =>
  engineThat(
    () => undefined,
    (engine, requests) => atDeadline(() => engine.inspectContainer('x'), requests, 5_000),
  ));

test('L5 an answer that breaks off in the middle fails at the deadline at the latest', () =>
  engineThat(
    (socket) =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"Id": "a'),
    (engine, requests) => atDeadline(() => engine.inspectContainer('x'), requests, 5_000),
  ));

test('L5 an exec whose stream is never given fails at the deadline', () =>
  engineThat(
    (socket, line) => void (line.includes('/exec ') && socket.write(json(201, { Id: 'e' }))),
    async (engine, requests) => {
      mock.timers.enable({ apis: ['setTimeout'] });
      try {
        const result = engine.exec('x', { argv: ['/bin/true'], user: '1' }).catch((error: unknown) => error);
        while (!requests.some((line) => line.includes('/start'))) await new Promise((resolve) => setImmediate(resolve));
        mock.timers.tick(30_000);
        assert.ok(named('engine-unavailable', /did not answer/)(await result));
      } finally {
        mock.timers.reset();
      }
    },
  ));

test('L5 a connection reset is tried again where repeating is harmless, three times at most', () =>
  engineThat(
    (socket) => socket.destroy(),
    async (engine, requests) => {
      await assert.rejects(engine.inspectContainer('x'), named('engine-unavailable', /broke/));
      assert.equal(requests.length, 3);
    },
  ));

test('L5 a connection reset is never tried again where it may already have taken effect', () =>
  engineThat(
    (socket) => socket.destroy(),
    async (engine, requests) => {
      await assert.rejects(engine.createVolume({ name: 'v', labels: {} }), named('engine-unavailable'));
      assert.equal(requests.length, 1);
    },
  ));

test('L5 one reset and then an answer is an answer', () => {
  let calls = 0;
  return engineThat(
    (socket) => (++calls === 1 ? socket.destroy() : socket.write(json(404, { message: 'No such container' }))),
    async (engine) => assert.equal(await engine.inspectContainer('x'), null),
  );
});

test('L5 an engine that fails inside is quoted, with what it was asked', () =>
  engineThat(
    (socket) => void socket.write(json(500, { message: 'the disk is on fire' })),
    (engine) => assert.rejects(engine.subnets(), named('engine-refused', /list its networks.*the disk is on fire/)),
  ));

test('L5 a stream cut inside a frame is an error to the reader, and there is no exit code', () =>
  engineThat(
    (socket, line) => {
      if (line.includes('/exec ')) return void socket.write(json(201, { Id: 'e' }));
      socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
      socket.end(Buffer.from([1, 0, 0, 0, 0, 0, 0, 9, 104, 105]));
    },
    async (engine) => {
      const channel = await engine.exec('x', { argv: ['/bin/true'], user: '1' });
      let text = '';
      const reading = (async () => {
        for await (const { bytes } of channel.output) text += bytes;
      })();
      await assert.rejects(reading, named('engine-unavailable', /cut/));
      assert.equal(text, 'hi');
      await assert.rejects(channel.exitCode(), named('engine-unavailable', /cut/));
    },
  ));

test('L4 no engine: the message names the place, and says what is wrong with it', async () => {
  const missing = dockerEngine({ address: { socketPath: '/nowhere/engine.sock' } });
  await assert.rejects(missing.facts(), named('engine-unavailable', /there is no \/nowhere\/engine.sock/));
  const port = await freePort();
  const closed = dockerEngine({ address: { host: '127.0.0.1', port } });
  await assert.rejects(closed.facts(), named('engine-unavailable', new RegExp(`nothing listens at 127.0.0.1:${port}`)));
});

test('an engine reached over TCP works as one over a socket', async () => {
  const server = createServer(
    (_request, response) => void response.end(JSON.stringify([{ IPAM: { Config: [{ Subnet: '10.9.0.0/28' }] } }])),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  try {
    assert.deepEqual(await dockerEngine({ address: { host: '127.0.0.1', port } }).subnets(), ['10.9.0.0/28']);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

async function freePort(): Promise<number> {
  const server = createNetServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
