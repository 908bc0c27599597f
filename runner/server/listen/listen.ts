import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from '../create-app.ts';
import { listenError } from './listen-error.ts';

/** Against peers that send slowly for ever; milliseconds. */
const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 2000,
};
const MOST_CONNECTIONS = 2000;
const CLOSE_GRACE = 3000;

export interface Listening {
  /** The port really taken, where 0 was asked for. */
  readonly port: number;
  /** Hands every request from now on to the app; before that the answer is 503, "starting". */
  serve(app: App): void;
  /** Takes nothing new, lets answers under way finish for 3 s, then resolves with everything closed. */
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly timeouts?: Partial<typeof TIMEOUTS>;
}

/**
 * Takes the port before anything else is prepared, so that a taken one is known in the first second.
 * Throws `environment` when it cannot be had.
 */
export async function listen({ host, port, timeouts }: ListenOptions): Promise<Listening> {
  let app: App | null = null;
  const server = createServer({ ...TIMEOUTS, ...timeouts }, (request, response) => {
    (app?.app ?? (starting satisfies RequestListener))(request, response);
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.on('upgrade', (request, socket, head) => {
    if (app) void app.handleUpgrade(request, socket, head);
    else socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  }).catch(async (error: unknown) => {
    throw await listenError(error, host, port);
  });
  return {
    port: (server.address() as AddressInfo).port,
    serve(next) {
      app = next;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      app?.close();
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE);
      await closed;
      clearTimeout(timer);
    },
  };
}

const starting: RequestListener = (_request, response) => {
  response.writeHead(503, { 'Retry-After': '1', 'Content-Type': 'text/plain' }).end('Drydock is starting.\n');
};
