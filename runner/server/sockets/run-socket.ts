import type { IncomingMessage } from 'node:http';
import { TERMINAL_CLOSE, type TerminalDown } from '#contract';
import type { TerminalSocket } from '../../terminal/terminal-socket.ts';
import type { Admission } from '../admit.ts';
import { toDrydockError } from '../problem/to-drydock-error.ts';
import type { Call, SocketRoute } from '../route.ts';
import type { HandlerDeps } from '../server-deps.ts';

/**
 * Runs a socket's handler; closes the socket when its session or its sign-in ends; tells the peer of an error
 * before closing, since a browser cannot read a refused handshake.
 */
export async function runSocket(
  route: SocketRoute,
  request: IncomingMessage,
  admitted: Admission,
  query: unknown,
  socket: TerminalSocket,
  deps: HandlerDeps,
): Promise<void> {
  const { identity, session } = admitted;
  if (session !== undefined) {
    socket.onClose(deps.sessions.onEnd(session, () => socket.close(TERMINAL_CLOSE.sessionEnded, 'the session ended')));
  }
  if (identity) {
    socket.onClose(deps.auth.onEnd(identity, () => socket.close(TERMINAL_CLOSE.signedOut, 'signed out')));
  }
  try {
    const call = { ...admitted, deps, query, body: undefined, request } as Call<typeof route.access>;
    await route.handle(call, socket);
  } catch (thrown) {
    const { title, message, hint } = toDrydockError(thrown, deps);
    socket.send(JSON.stringify({ type: 'problem', title, message, hint } satisfies TerminalDown), () => {});
    socket.close(TERMINAL_CLOSE.failed, 'failed');
  }
}
