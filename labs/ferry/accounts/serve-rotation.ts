import { timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { KeyRing } from './key-ring.ts';

const PORT = 9001;

/** The operator's door: `POST /keys/rotate` with `Authorization: Bearer <rotate-key>`, on loopback only. */
export function serveRotation(keys: KeyRing): Server {
  const expected = `Bearer ${readFileSync('/run/secrets/rotate-key', 'utf8').trim()}`;
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST' || request.url !== '/keys/rotate') return void response.writeHead(404).end();
    if (!same(request.headers.authorization ?? '', expected)) return void response.writeHead(403).end();
    await keys.rotate();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ kid: keys.current().kid }));
  });
  return server.listen(PORT, '127.0.0.1');
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
