import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { mustOpen, type TerminalClient, until } from '../support/open-terminal.ts';
import { startServer } from '../support/start-server.ts';

async function opened(t: Parameters<typeof startServer>[0]) {
  const server = await startServer(t);
  const { id } = await server.sessions.open('ann', 'access-control');
  const cookie = await server.cookie('ann');
  let count = 0;
  const open = () => mustOpen(server, id, cookie, `target=workbench&name=n${count++}`);
  return { server, id, cookie, open, bystander: await open() };
}

async function isWell(client: TerminalClient) {
  const before = client.bytes();
  client.type('hi');
  await until('the bystander echoes', () => client.bytes() === before + 2);
}

test('W6 bad frames close their own socket with the fitting code, and no other', async (t) => {
  const { open, bystander } = await opened(t);
  const cases: [string, number, (client: TerminalClient) => void][] = [
    ['over 64 KiB', 1009, (client) => client.ws.send(Buffer.alloc(64 * 1024 + 1))],
    ['no JSON', 1007, (client) => client.ws.send('{"type":')],
    ['unknown type', 1008, (client) => client.say({ type: 'kill' })],
    ['no object', 1008, (client) => client.ws.send('7')],
    ['resize to 0', 1008, (client) => client.say({ type: 'resize', cols: 0, rows: 0 })],
    ['resize to -1', 1008, (client) => client.say({ type: 'resize', cols: -1, rows: 24 })],
    ['resize to 1e9', 1008, (client) => client.say({ type: 'resize', cols: 1e9, rows: 24 })],
    ['resize to NaN', 1007, (client) => client.ws.send('{"type":"resize","cols":NaN,"rows":24}')],
    ['resize to 2.5', 1008, (client) => client.say({ type: 'resize', cols: 80.5, rows: 24 })],
    ['one key too many', 1008, (client) => client.ws.send('{"type":"ack","bytes":0,"__proto__":{"x":1}}')],
    ['ack of what was never sent', 1008, (client) => client.say({ type: 'ack', bytes: 1e9 })],
    ['bad UTF-8', 1007, (client) => client.ws.send(Buffer.from([0x22, 0xff, 0xfe, 0x22]), { binary: false })],
    ['deep JSON', 1008, (client) => client.ws.send(`${'['.repeat(10_000)}${']'.repeat(10_000)}`)],
  ];
  for (const [name, code, send] of cases) {
    const client = await open();
    send(client);
    assert.equal((await client.closed).code, code, name);
  }
  await isWell(bystander);
});

/** The bytes of one masked frame; `fin` and opcode in the first. */
function rawFrame(first: number, payload: Buffer): Buffer {
  const masked = Buffer.from(payload);
  return Buffer.concat([Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0]), masked]);
}

async function rawSocket(server: { port: number; origin: string }, id: string, cookie: string): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    `GET /api/sessions/${id}/terminal?target=workbench&name=raw HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nOrigin: ${server.origin}\r\n` +
      `Cookie: ${cookie}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  await new Promise((resolve) => socket.once('data', resolve));
  return socket;
}

test('W6 an unmasked frame and a reserved opcode end the socket', async (t) => {
  const { server, id, cookie, bystander } = await opened(t);
  for (const bytes of [
    Buffer.from([0x82, 0x01, 0x61]),
    rawFrame(0x83, Buffer.from('a')),
    rawFrame(0xc2, Buffer.from('a')),
  ]) {
    const socket = await rawSocket(server, id, cookie);
    socket.resume();
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.write(bytes);
    await closed;
  }
  await isWell(bystander);
});

test('compression is not negotiated', async (t) => {
  const { server, id, cookie } = await opened(t);
  const ws = new WebSocket(`ws://127.0.0.1:${server.port}/api/sessions/${id}/terminal?target=workbench`, {
    perMessageDeflate: true,
    headers: { origin: server.origin, cookie },
  });
  await new Promise((resolve) => ws.on('open', resolve));
  assert.equal(ws.extensions, '');
  ws.terminate();
});
