import { connect, type Socket } from 'node:net';
import type { CloseReason } from './protocol.ts';
import type { StreamEnd } from './stream.ts';

const CONNECT_MS = 10_000;

/** Joins a stream to whatever answers at a host and port. */
export function openTunnel(end: StreamEnd, host: string, port: number, opened: () => void): void {
  const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
  socket.setTimeout(CONNECT_MS, () => end.close('unreachable'));
  socket.on('error', (error) => end.close(reasonOf(error)));
  void end.aborted.then((why) => (why === 'reset' ? socket.resetAndDestroy() : socket.destroy()));
  socket.once('connect', () => {
    socket.setTimeout(0);
    opened();
    for (const direction of [outward(socket, end), inward(socket, end)]) direction.catch(() => end.close('reset'));
  });
}

async function inward(socket: Socket, end: StreamEnd): Promise<void> {
  // Half-close: the end of one direction must not take the other with it.
  for await (const bytes of socket.iterator({ destroyOnReturn: false })) await end.write(bytes);
  end.endInput();
}

async function outward(socket: Socket, end: StreamEnd): Promise<void> {
  for await (const bytes of end.output) await written(socket, bytes);
  socket.end();
}

/** Resolves when the bytes were taken, which is slower than filling a buffer and never holds more than one piece. */
export const written = (socket: Socket, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => socket.write(bytes, (error) => (error ? reject(error) : resolve())));

function reasonOf({ code }: NodeJS.ErrnoException): CloseReason {
  if (code === 'ECONNREFUSED') return 'refused';
  return code === 'ECONNRESET' || code === 'EPIPE' ? 'reset' : 'unreachable';
}
