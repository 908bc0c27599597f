import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

export interface Service extends AsyncDisposable {
  /** As a probe addresses it, by the position's name. */
  readonly url: string;
  readonly asked: string[];
}

/** A service of the lab, answering on this machine's loopback. */
export async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Service> {
  const asked: string[] = [];
  const server = createHttp((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  return listen(server, asked, () => server.closeAllConnections());
}

/** A service that speaks whatever it likes. */
export async function serveRaw(speak: (socket: Socket) => void): Promise<Service> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    speak(socket);
  });
  return listen(server, [], () => {
    for (const socket of sockets) socket.destroy();
  });
}

async function listen(server: Server, asked: string[], drop: () => void): Promise<Service> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://gateway:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      drop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
