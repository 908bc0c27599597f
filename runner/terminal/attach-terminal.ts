import { TERMINAL_CLOSE, type TerminalDown } from '#contract';
import type { Channel } from '../core/ports/engine.ts';
import type { TerminalPlace } from '../core/ports/sessions.ts';
import { heartbeat } from './heartbeat.ts';
import { type InputQueue, inputQueue } from './input-queue.ts';
import { creditFrame, endFrame, helloFrame, inputFrame, resizeFrame } from './keeper-frames.ts';
import { OUTPUT_CREDIT, outputCredit } from './output-credit.ts';
import { type OutputWindow, outputWindow } from './output-window.ts';
import { parseUp } from './parse-up.ts';
import { pumpOutput } from './pump-output.ts';
import type { OutputShare } from './share-output.ts';
import { TERMINAL_LIMITS, type TerminalLimits } from './terminal-limits.ts';
import type { TerminalSocket } from './terminal-socket.ts';

export interface TerminalRequest {
  /** Which of the place's shells, `[a-z0-9-]{1,32}`; started when there is none of that name. */
  readonly name: string;
  /** Sequence number of the first output byte wanted; undefined for the oldest kept. */
  readonly from?: number | undefined;
  readonly cols: number;
  readonly rows: number;
}

const KEEPER = '/opt/drydock/keeper';

/**
 * Bridges a WebSocket to a shell until either ends; the shell itself lives on in its keeper. Resolves when the
 * socket is closed. `share` is what all terminals of a server have together. Throws what Engine.exec throws, and
 * `workbench-lost` when the keeper fails; the caller then tells the peer and closes the socket.
 */
export async function attachTerminal(
  place: TerminalPlace,
  request: TerminalRequest,
  socket: TerminalSocket,
  share: OutputShare,
  limits: TerminalLimits = TERMINAL_LIMITS,
): Promise<void> {
  const pace = share.join();
  const window = outputWindow(
    limits,
    () => socket.bufferedAmount,
    () => socket.close(TERMINAL_CLOSE.stalled, 'stalled'),
  );
  const input = inputQueue(
    limits.bufferedInput,
    (isFull) => (isFull ? socket.pause() : socket.resume()),
    () => socket.close(TERMINAL_CLOSE.failed, 'the shell takes no input'),
  );
  const stopHeartbeat = heartbeat(socket, limits);
  let channel: Channel | null = null;
  let closed = false;
  let ending: NodeJS.Timeout | undefined;
  let late: NodeJS.Timeout | undefined;
  const endShell = () => {
    // What is still printed is for nobody; the exit must not wait behind it.
    window.close();
    pace.leave();
    input.push(endFrame());
    ending ??= setTimeout(() => socket.close(TERMINAL_CLOSE.failed, 'the shell did not end'), limits.endWithin);
  };
  socket.onMessage((data, binary) => {
    if (binary) {
      place.typed();
      pace.typed();
    }
    receive(socket, input, window, endShell, data, binary);
  });
  socket.onClose(() => {
    closed = true;
    stopHeartbeat();
    clearTimeout(ending);
    clearTimeout(late);
    window.close();
    pace.leave();
    channel?.close();
  });

  const argv = [KEEPER, 'attach', request.name, '--', ...place.shell];
  const opened = await place.engine.exec(place.container, { argv, user: place.user });
  channel = opened;
  if (closed) return opened.close();
  try {
    const hello = [helloFrame(request.from, request.cols, request.rows), creditFrame(OUTPUT_CREDIT)];
    input.open(Buffer.concat(hello), (bytes) => opened.write(bytes));
    late = setTimeout(() => socket.close(TERMINAL_CLOSE.failed, 'the shell did not answer'), limits.attachWithin);
    const end = await pumpOutput(opened, window, limits.message, {
      send(data) {
        clearTimeout(late);
        socket.send(data, window.drained);
      },
      closed: () => closed,
      took: outputCredit(pace, (bytes) => input.push(creditFrame(bytes))),
    });
    if (closed) return;
    if (end.type === 'exit') {
      socket.send(JSON.stringify({ type: 'exit', code: end.code } satisfies TerminalDown), () => {});
      socket.close(TERMINAL_CLOSE.exited, 'the shell ended');
    } else {
      socket.close(TERMINAL_CLOSE.takenOver, 'opened in another place');
    }
  } finally {
    opened.close();
  }
}

function receive(
  socket: TerminalSocket,
  input: InputQueue,
  window: OutputWindow,
  endShell: () => void,
  data: Buffer,
  binary: boolean,
) {
  const up = parseUp(data, binary);
  if (up.type === 'input') {
    if (up.bytes.length > 0) input.push(inputFrame(up.bytes));
  } else if (up.type === 'resize') input.push(resizeFrame(up.cols, up.rows));
  else if (up.type === 'close') endShell();
  else if (up.type === 'bad') socket.close(up.code, 'message not understood');
  else if (!window.acked(up.bytes)) socket.close(TERMINAL_CLOSE.notUnderstood, 'more acknowledged than was sent');
}
