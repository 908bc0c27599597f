import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { DrydockError } from '#contract';
import type { Tunnel } from '../../runner/pipe/tunnels.ts';
import { localServer } from './support/local-server.ts';
import { openWorkbench } from './support/workbench.ts';

const MIB = 2 ** 20;
const HOST = '127.0.0.1';
const named = (name: string) => (error: unknown) => error instanceof DrydockError && error.name === name;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Says nothing and hangs up when its peer does. */
const quiet = (socket: Socket) => void socket.resume().on('end', () => socket.end());

async function read(tunnel: Tunnel): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const bytes of tunnel.output) chunks.push(bytes);
  return Buffer.concat(chunks);
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    assert.ok(tries < 100, what);
    await pause(50);
  }
}

test('10 MiB go each way at once through a tunnel, byte for byte', async () => {
  await using server = await localServer((socket) => socket.pipe(socket));
  await using workbench = await openWorkbench({ a: 'x' });
  const tunnel = await workbench.pipe.tunnel(HOST, server.port);
  const sent = randomBytes(10 * MIB);
  const reading = read(tunnel);
  await tunnel.write(sent);
  // What is asked meanwhile does not wait for it.
  assert.equal((await workbench.pipe.list()).length, 1);
  tunnel.endInput();
  const got = await reading;
  assert.equal(got.length, sent.length);
  assert.equal(sha256(got), sha256(sent));
});

test('the end of one direction leaves the other open', async () => {
  await using server = await localServer((socket) => {
    let asked = '';
    socket.on('data', (bytes) => (asked += bytes)).on('end', () => socket.end(`you said ${asked}`));
  });
  await using workbench = await openWorkbench();
  const tunnel = await workbench.pipe.tunnel(HOST, server.port);
  await tunnel.write(Buffer.from('hello'));
  tunnel.endInput();
  assert.equal(String(await read(tunnel)), 'you said hello');
  await until(() => server.connections() === 0, 'nothing is left of it');
});

test('who does not read holds its server back, and nobody else', async () => {
  let written = 0;
  await using server = await localServer((socket) => {
    const piece = Buffer.alloc(64 * 1024);
    const more = () => {
      while (written < 64 * MIB && socket.write(piece)) written += piece.length;
      if (written >= 64 * MIB) socket.end();
    };
    socket.on('drain', more);
    more();
  });
  await using echo = await localServer((socket) => socket.pipe(socket));
  await using workbench = await openWorkbench();
  const slow = await workbench.pipe.tunnel(HOST, server.port);
  await pause(1000);
  const held = written;
  // What the kernel and Node keep for a connection, and one window.
  assert.ok(held < 12 * MIB, `${held} bytes left the server`);
  const quick = await workbench.pipe.tunnel(HOST, echo.port);
  await quick.write(Buffer.alloc(MIB, 1));
  quick.endInput();
  const began = performance.now();
  const bytes = await read(quick).catch(() => Buffer.alloc(0));
  assert.equal(bytes.length, MIB);
  assert.ok(performance.now() - began < 5000);
  assert.equal(written, held, 'it is still held back');
  // Control: once it is read, the rest comes.
  assert.ok((await read(slow)).length >= 64 * MIB);
});

test('a server that takes nothing holds its writer back', async () => {
  await using server = await localServer((socket) => void socket.pause());
  await using workbench = await openWorkbench();
  const tunnel = await workbench.pipe.tunnel(HOST, server.port);
  let sent = 0;
  const writing = (async () => {
    for (; sent < 64 * MIB; sent += 64 * 1024) await tunnel.write(Buffer.alloc(64 * 1024));
  })();
  writing.catch(() => undefined);
  await pause(1500);
  const held = sent;
  assert.ok(held < 16 * MIB, `${held} bytes were taken`);
  await pause(300);
  assert.equal(sent, held);
  tunnel.close();
  await assert.rejects(writing, named('service-not-ready'));
});

test('a connection that the server resets is told as such, on both sides of the tunnel', async () => {
  await using server = await localServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
  await using workbench = await openWorkbench();
  const tunnel = await workbench.pipe.tunnel(HOST, server.port);
  await tunnel.write(Buffer.from('x'));
  await assert.rejects(read(tunnel), /broke off/);
  await assert.rejects(tunnel.write(Buffer.from('y')), named('service-not-ready'));
  assert.deepEqual(await workbench.pipe.list(), []);
});

test('a tunnel that is closed here is closed there', async () => {
  await using server = await localServer(quiet);
  await using workbench = await openWorkbench();
  const tunnel = await workbench.pipe.tunnel(HOST, server.port);
  await until(() => server.connections() === 1, 'control: it is there');
  tunnel.close();
  assert.equal((await read(tunnel)).length, 0);
  await until(() => server.connections() === 0, 'it is gone');
});

test('where nothing listens, and where there is no host, the tunnel is refused, saying which', async () => {
  await using workbench = await openWorkbench();
  const { port, ...server } = await localServer(quiet);
  await server[Symbol.asyncDispose]();
  await assert.rejects(workbench.pipe.tunnel(HOST, port), (error: Error) => {
    assert.match(error.message, new RegExp(`^The connection to ${HOST}:${port} was refused`));
    return named('service-not-ready')(error);
  });
  await assert.rejects(workbench.pipe.tunnel('nobody.invalid', 80), /nobody\.invalid:80 could not be made/);
});

test('32 tunnels work side by side, the 33rd is refused, and there is room again when one ends', async () => {
  await using server = await localServer((socket) => socket.pipe(socket));
  await using workbench = await openWorkbench();
  const open = () => workbench.pipe.tunnel(HOST, server.port);
  const all = await Promise.all(Array.from({ length: 32 }, open));
  await assert.rejects(open(), named('too-many-requests'));
  const [first, ...others] = all;
  first?.close();
  await pause(0);
  const last = await open();
  const answers = await Promise.all(
    [...others, last].map(async (tunnel, number) => {
      await tunnel.write(Buffer.from(`${number}`));
      tunnel.endInput();
      return String(await read(tunnel));
    }),
  );
  assert.deepEqual(
    answers,
    Array.from({ length: 32 }, (_, number) => `${number}`),
  );
  await open();
});

test('when the workbench is lost its tunnels break off, and its connections end', async () => {
  await using server = await localServer(quiet);
  const workbench = await openWorkbench();
  const tunnel = await workbench.pipe.tunnel(HOST, server.port);
  const reading = assert.rejects(read(tunnel), named('service-not-ready'));
  workbench.pipe.close();
  await reading;
  await until(() => server.connections() === 0, 'the agent took them with it');
  // Control: the server itself still answers.
  const socket = connect(server.port, HOST);
  await until(() => server.connections() === 1, 'it listens');
  socket.destroy();
  await workbench[Symbol.asyncDispose]();
});
