import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One archive as it was put to the engine. */
export interface Put {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A socket that passes requests on to the engine and keeps the archives put through it. */
export async function recordingProxy(engine: string) {
  const folder = await mkdtemp(join(tmpdir(), 'wire-'));
  const socketPath = join(folder, 'engine.sock');
  const puts: Put[] = [];
  const server = createServer(async (asked, answer) => {
    const body = Buffer.concat(await Array.fromAsync(asked as AsyncIterable<Buffer>));
    if (asked.method === 'PUT' && asked.url?.includes('/archive')) puts.push({ headers: asked.headers, body });
    const { method, url: path, headers } = asked;
    const onward = request({ socketPath: engine, method, path, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    onward.on('error', (error) => answer.destroy(error));
    onward.end(body);
  }).listen(socketPath);
  await once(server, 'listening');
  return {
    socketPath,
    puts,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}
