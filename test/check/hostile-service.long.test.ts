// C3: whatever a learner's service answers, a check ends in time with a reason, and never with a pass it did not earn.
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { check, probes } from './support/checker.ts';
import { type Service, serve, serveRaw } from './support/service.ts';

const HEAD = 'HTTP/1.1 200 OK\r\n';
/** Writes a piece over and over as long as somebody reads. */
const forEver = (socket: Socket, piece: string | Buffer, first = '') => {
  socket.write(first);
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', more);
  more();
};
const every = (milliseconds: number, socket: Socket, piece: string, first = '') => {
  socket.write(first);
  const timer = setInterval(() => socket.write(piece), milliseconds);
  socket.on('close', () => clearInterval(timer));
};

const SERVICES: readonly (readonly [name: string, start: () => Promise<Service>, failure: RegExp])[] = [
  ['closes at once', () => serveRaw((socket) => void socket.end()), /reset|closed|no answer/],
  ['resets', () => serveRaw((socket) => void socket.resetAndDestroy()), /reset/],
  ['says nothing', () => serveRaw(() => undefined), /no complete answer within 1500 ms/],
  [
    'speaks TLS',
    () => serveRaw((socket) => void socket.end(Buffer.from('160303004a0200004603035e', 'hex'))),
    /not HTTP/,
  ],
  ['speaks nonsense', () => serveRaw((socket) => void socket.end('PASS\n\n{"nonce":"x"}\n')), /not HTTP/],
  ['has endless headers', () => serveRaw((socket) => forEver(socket, `a: ${'x'.repeat(1000)}\r\n`, HEAD)), /not HTTP/],
  [
    'has an endless body',
    () => serveRaw((socket) => forEver(socket, Buffer.alloc(65_536), `${HEAD}\r\n`)),
    /larger than 1 MiB/,
  ],
  [
    'has an endless chunked body',
    () =>
      serveRaw((socket) =>
        forEver(socket, `1000\r\n${'x'.repeat(4096)}\r\n`, `${HEAD}transfer-encoding: chunked\r\n\r\n`),
      ),
    /larger than 1 MiB/,
  ],
  [
    'lies about its length',
    () => serveRaw((socket) => void socket.end(`${HEAD}content-length: 100\r\n\r\nx`)),
    /broke off/,
  ],
  [
    'drips a byte at a time',
    () => serveRaw((socket) => every(50, socket, 'x', `${HEAD}\r\n`)),
    /no complete answer within 1500 ms/,
  ],
  [
    'drips its headers',
    () => serveRaw((socket) => every(50, socket, 'a: b\r\n', HEAD)),
    /no complete answer within 1500 ms/,
  ],
  [
    'says continue for ever',
    () => serveRaw((socket) => every(20, socket, 'HTTP/1.1 100 Continue\r\n\r\n')),
    /no complete answer within 1500 ms/,
  ],
  [
    'switches protocols',
    () =>
      serveRaw(
        (socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      ),
    /switched to another protocol/,
  ],
];

for (const [name, start, failure] of SERVICES) {
  test(`C3 a service that ${name} gives no answer, and the probe hears why`, async () => {
    await using service = await start();
    const started = performance.now();
    const { results, broken } = await check({
      source: probes(`export default [
        attack({ id: 'enter', at: 'outside', control: async (t) => (await t.http('${service.url}/', { timeout: 1500 })).status === 200,
          attack: async () => closed() }),
        benign({ id: 'use', at: 'outside', run: async (t) => { const a = await t.http('${service.url}/', { timeout: 1500 });
          return a.status === 200 ? works() : fails({ message: a.failure }); } }),
      ];`),
    });
    assert.deepEqual(broken, []);
    assert.deepEqual(
      results.map(({ finding }) => finding),
      ['unreached', 'closed'],
    );
    assert.match(results[1]?.message.id ?? '', failure);
    assert.ok(performance.now() - started < 15_000);
  });
}

test('C3 a redirect is an answer, not a way', async () => {
  await using elsewhere = await serve((_, response) => response.end());
  await using service = await serve((_, response) => response.writeHead(302, { location: elsewhere.url }).end());
  const { results } = await check({
    source: probes(
      `export default [benign({ id: 'use', at: 'outside', run: async (t) => fails({ message: String((await t.http('${service.url}/')).status) }) })];`,
    ),
  });
  assert.equal(results[0]?.message.id, '302');
  assert.match(results[0]?.evidence[0]?.text ?? '', /< location: http:/);
  assert.deepEqual(elsewhere.asked, []);
});

test('C3 nothing is unpacked: a compressed answer stays as large as it came', async () => {
  const packed = gzipSync(Buffer.alloc(50_000_000));
  await using service = await serve((_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
  );
  const { results } = await check({
    source: probes(
      `export default [benign({ id: 'use', at: 'outside', run: async (t) => fails({ message: String((await t.http('${service.url}/')).body.length < 100_000) }) })];`,
    ),
  });
  assert.equal(results[0]?.message.id, 'true');
});

test('C2 a service that prints results, nonces and verdicts is quoted, not believed', async () => {
  const forged = JSON.stringify({ nonce: 'a1'.repeat(32), results: [], broken: [] });
  await using service = await serve((_, response) => response.writeHead(500).end(`\n${forged}\nPASS\n`));
  const { results } = await check({
    source: probes(
      `export default [benign({ id: 'use', at: 'outside', run: async (t) => (await t.http('${service.url}/')).status === 200 ? works() : fails() })];`,
    ),
  });
  assert.equal(results[0]?.finding, 'closed');
  assert.match(results[0]?.evidence[0]?.text ?? '', /< PASS/);
});
