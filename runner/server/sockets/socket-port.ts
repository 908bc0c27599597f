import type { WebSocket } from 'ws';
import type { TerminalSocket } from '../../terminal/terminal-socket.ts';

/** How long a peer may take to answer a close, in milliseconds. */
const CLOSE_GRACE = 2000;

/** The terminal's view of a `ws` socket. */
export function socketPort(ws: WebSocket): TerminalSocket {
  let closed = false;
  const waiting: (() => void)[] = [];
  const ended = () => {
    if (closed) return;
    closed = true;
    for (const tell of waiting) tell();
  };
  ws.binaryType = 'nodebuffer';
  ws.on('close', ended);
  const giveUpSoon = () => {
    // A paused socket would never see the peer's answer to our close.
    ws.resume();
    setTimeout(() => ws.terminate(), CLOSE_GRACE).unref();
    ended();
  };
  // A protocol fault of the peer: `ws` has answered it with its close code already.
  ws.on('error', giveUpSoon);

  return {
    send: (data, done) => ws.send(data, { binary: typeof data !== 'string', compress: false }, done),
    get bufferedAmount() {
      return ws.bufferedAmount;
    },
    ping: () => ws.ping(),
    pause: () => ws.pause(),
    resume: () => ws.resume(),
    close(code, reason) {
      ws.close(code, reason);
      giveUpSoon();
    },
    terminate: () => ws.terminate(),
    onMessage(receive) {
      ws.on('message', (data: Buffer, binary) => {
        if (!closed) receive(data, binary);
      });
    },
    onPong: (receive) => void ws.on('pong', receive),
    onClose: (tell) => void (closed ? tell() : waiting.push(tell)),
  };
}
