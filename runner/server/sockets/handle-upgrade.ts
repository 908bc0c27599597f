import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { DrydockError, TERMINAL_CLOSE, TERMINAL_MAX_FRAME } from '#contract';
import { loggedPath } from '../access-log.ts';
import { admit } from '../admit.ts';
import { checkHost } from '../origin/check-host.ts';
import { parseInput, readQuery } from '../parse-input.ts';
import { toDrydockError } from '../problem/to-drydock-error.ts';
import type { Route, SocketRoute } from '../route.ts';
import type { HandlerDeps } from '../server-deps.ts';
import { matchPath } from './match-path.ts';
import { openSockets } from './open-sockets.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { runSocket } from './run-socket.ts';
import { socketPort } from './socket-port.ts';

export interface Upgrades {
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /** Closes every socket with 1012, "come back in a moment". */
  close(): void;
}

/** WebSocket handshakes: held to the same rules as any other request, before anything is opened for them. */
export function upgrades(routes: readonly Route[], deps: HandlerDeps): Upgrades {
  const { log, trace, metrics, clock } = deps;
  const sockets = openSockets();
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: TERMINAL_MAX_FRAME,
    maxFragments: 1024,
  });
  // Raised within handleUpgrade, hence under the request's id.
  server.on('headers', (headers) => headers.push(`X-Request-Id: ${trace.id()}`));

  async function handle(request: IncomingMessage, stream: Duplex, head: Buffer, requestId: string): Promise<void> {
    const path = loggedPath(request.url);
    const start = clock();
    let template = 'none';
    const answered = (status: number) => {
      metrics.answered({ method: 'WS', route: template, status, seconds: (clock() - start) / 1000 });
    };
    const dropped = () => stream.destroy();
    stream.on('error', dropped);
    try {
      checkHost(request, deps.origin);
      const { route, id } = findRoute(routes, request.url);
      template = route.path;
      const admitted = await admit(request, route, id, deps);
      const query = parseInput(route.query, readQuery(request.url));
      sockets.reserve(id);
      server.handleUpgrade(request, stream, head, (ws) => {
        stream.off('error', dropped);
        const socket = socketPort(ws);
        sockets.add(id, socket);
        answered(101);
        metrics.socketOpened();
        log.info({ method: 'WS', path, status: 101 }, 'socket opened');
        const closed = () => {
          metrics.socketClosed();
          log.info({ method: 'WS', path }, 'socket closed');
        };
        socket.onClose(trace.bind(closed));
        void runSocket(route, request, admitted, query, socket, deps);
      });
    } catch (thrown) {
      const error = toDrydockError(thrown, deps);
      answered(error.status);
      log.info({ method: 'WS', path, status: error.status }, 'socket refused');
      refuseUpgrade(stream, error, requestId);
    }
  }

  return {
    handle(request, stream, head) {
      const id = deps.newId();
      return trace.run(id, () => handle(request, stream, head, id));
    },
    close() {
      for (const socket of sockets.all()) socket.close(TERMINAL_CLOSE.restarting, 'the server is stopping');
    },
  };
}

function findRoute(routes: readonly Route[], url: string | undefined): { route: SocketRoute; id: string } {
  for (const route of routes) {
    const id = route.method === 'WS' ? matchPath(route.path, url) : undefined;
    if (route.method === 'WS' && id !== undefined) return { route, id };
  }
  throw new DrydockError('not-found', 'There is no WebSocket at this address.');
}
