import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { TERMINAL_CLOSE, TERMINAL_MAX_FRAME, TerminalQuery } from '#contract';
import type { TerminalPlace } from '../../../../runner/core/ports/sessions.ts';
import { socketPort } from '../../../../runner/server/sockets/socket-port.ts';
import { attachTerminal } from '../../../../runner/terminal/attach-terminal.ts';
import { OUTPUT_SHARE, shareOutput } from '../../../../runner/terminal/share-output.ts';
import { TERMINAL_LIMITS, type TerminalLimits } from '../../../../runner/terminal/terminal-limits.ts';

export interface TerminalServer extends AsyncDisposable {
  readonly port: number;
  /** The most bytes that ever waited in one connection. */
  mostBuffered(): number;
}

/** The server's own way from a WebSocket to a shell, without sessions and sign-in; `target` w0, w1 … chooses the place. */
export async function serveTerminals(
  places: readonly TerminalPlace[],
  limits: Partial<TerminalLimits> = {},
): Promise<TerminalServer> {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    perMessageDeflate: false,
    maxPayload: TERMINAL_MAX_FRAME,
  });
  const share = shareOutput(OUTPUT_SHARE);
  let most = 0;
  const watch = setInterval(() => {
    for (const { bufferedAmount } of server.clients) most = Math.max(most, bufferedAmount);
  }, 20);
  server.on('connection', async (ws, request) => {
    const query = TerminalQuery.parse(Object.fromEntries(new URL(request.url ?? '', 'http://x').searchParams));
    const socket = socketPort(ws);
    try {
      const place = places[Number(query.target.slice(1))];
      if (!place) throw new Error(`no place ${query.target}`);
      await attachTerminal(place, query, socket, share, { ...TERMINAL_LIMITS, ...limits });
    } catch (error) {
      socket.close(TERMINAL_CLOSE.failed, (error as Error).message.slice(0, 100));
    }
  });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    mostBuffered: () => most,
    async [Symbol.asyncDispose]() {
      clearInterval(watch);
      for (const ws of server.clients) ws.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}
