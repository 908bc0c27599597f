import type { TerminalLimits } from './terminal-limits.ts';
import type { TerminalSocket } from './terminal-socket.ts';

/** Pings the peer and drops the connection of one that stopped answering. Returns the stop. */
export function heartbeat(
  socket: TerminalSocket,
  limits: Pick<TerminalLimits, 'pingEvery' | 'missedPongs'>,
): () => void {
  let missed = 0;
  socket.onPong(() => {
    missed = 0;
  });
  const timer = setInterval(() => {
    if (missed >= limits.missedPongs) return socket.terminate();
    missed += 1;
    socket.ping();
  }, limits.pingEvery);
  return () => clearInterval(timer);
}
