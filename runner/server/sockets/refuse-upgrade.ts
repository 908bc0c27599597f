import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { DrydockError } from '#contract';

/** Answers a handshake with a plain HTTP error, under the request's id, and hangs up. */
export function refuseUpgrade(socket: Duplex, error: DrydockError, id: string): void {
  const body = JSON.stringify({ error: error.toProblem() });
  socket.end(
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}\r\nConnection: close\r\nCache-Control: no-store\r\n` +
      `Content-Type: application/json; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nX-Request-Id: ${id}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  socket.once('finish', () => socket.destroy());
}
