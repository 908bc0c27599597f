import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';

/** What an engine says when a disk is full. */
const REFUSAL = JSON.stringify({ message: 'no space left on device' });

export interface RefusingEngine {
  /** As DOCKER_HOST. */
  readonly host: string;
  /** Requests refused so far. */
  readonly refused: readonly string[];
  close(): Promise<void>;
}

/**
 * A way to the engine on which requests whose first line matches are answered with 500 and never get there; everything
 * else passes byte by byte, streams too.
 */
export async function refusingEngine(folder: string, engine: string, refuse: RegExp): Promise<RefusingEngine> {
  const refused: string[] = [];
  const open = new Set<Socket>();
  // A half-closed stream still gives output.
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = createConnection({ path: engine, allowHalfOpen: true });
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
      socket.on('error', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (bytes) => {
      const [line = ''] = bytes.toString('latin1', 0, 1000).split('\r\n');
      if (!refuse.test(line)) return void upstream.write(bytes);
      refused.push(line);
      client.end(
        `HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${REFUSAL.length}\r\n\r\n${REFUSAL}`,
      );
    });
    client.on('end', () => upstream.end());
    upstream.on('data', (bytes) => client.writable && client.write(bytes));
    upstream.on('end', () => client.end());
  });
  const path = join(folder, 'engine.sock');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    host: `unix://${path}`,
    refused,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
