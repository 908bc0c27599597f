import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
}

export interface Served {
  /** Address other positions reach it at, without a slash at the end. */
  readonly url: string;
  /** Who asked for what so far. */
  readonly asked: readonly Asked[];
  close(): void;
}

/** Serves JSON at the checker's own position. `reply` returning undefined answers 404. */
export async function serveJson(host: string, reply: (asked: Asked) => unknown): Promise<Served> {
  const asked: Asked[] = [];
  const server = createServer({ requestTimeout: 5000, maxHeaderSize: 16_384 }, (request, response) => {
    const one = { method: request.method ?? '', path: request.url ?? '' };
    if (asked.length < 1000) asked.push(one);
    const body = reply(one);
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json', connection: 'close' });
    response.end(body === undefined ? '' : JSON.stringify(body));
  });
  server.maxConnections = 100;
  await listening(server, host);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    asked,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function listening(server: Server, host: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(0, host, resolve);
  return promise;
}
