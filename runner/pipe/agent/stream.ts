import { type CloseReason, LIMITS, type StreamMessage } from './protocol.ts';

/** One end of a stream in the pipe. Both ends are the same, and neither believes that the other keeps to the window. */
export interface StreamEnd {
  /** One at a time. Waits while the other end takes nothing; throws once the stream is over. */
  write(bytes: Uint8Array): Promise<void>;
  /** Half-close: the other end sees the end of its output, ours goes on. */
  endInput(): void;
  /** To be read once. What is not read holds the other end back. Throws when the stream broke off. */
  readonly output: AsyncIterable<Buffer>;
  close(why?: CloseReason): void;
  /** Resolves when either end closes the stream before both sides of it ended. */
  readonly aborted: Promise<CloseReason>;
  /** Resolves when nothing more is received for it, however it came to that. */
  readonly over: Promise<void>;
  /** Throws RangeError on more than the window allows. */
  receive(message: StreamMessage): void;
}

/** Reads are counted back in steps of this size. */
const CREDIT_STEP = LIMITS.streamWindow / 4;
/** More pieces than this are joined: a byte on its own costs a hundred. */
const PIECES = 64;

export interface StreamSetup {
  readonly id: number;
  readonly send: (message: StreamMessage) => unknown;
  readonly failure: (why: CloseReason) => Error;
}

export function streamEnd({ id: stream, send, failure }: StreamSetup): StreamEnd {
  const aborted = Promise.withResolvers<CloseReason>();
  const over = Promise.withResolvers<void>();
  let credit: number = LIMITS.streamWindow;
  let waiting: Buffer[] = [];
  /** Bytes received and not yet counted back. */
  let held = 0;
  let taken = 0;
  let inputEnded = false;
  let outputEnded = false;
  let closed: CloseReason | null = null;
  let wakeReader = () => {};
  let wakeWriter = () => {};

  function abort(why: CloseReason) {
    if (closed !== null || (inputEnded && outputEnded)) return;
    closed = why;
    wakeReader();
    wakeWriter();
    aborted.resolve(why);
    over.resolve();
  }

  function endWhenBoth() {
    if (inputEnded && outputEnded && closed === null) over.resolve();
  }

  function take(bytes: Buffer) {
    if (bytes.length === 0 || outputEnded) return;
    held += bytes.length;
    if (held > LIMITS.streamWindow) throw new RangeError(`stream ${stream} sent more than its window`);
    waiting.push(bytes);
    if (waiting.length > PIECES) waiting = [Buffer.concat(waiting)];
    wakeReader();
  }

  function countBack(bytes: number) {
    taken += bytes;
    if (taken < CREDIT_STEP || outputEnded || closed !== null) return;
    held -= taken;
    send({ type: 'credit', stream, bytes: taken });
    taken = 0;
  }

  async function* output(): AsyncGenerator<Buffer> {
    for (;;) {
      const bytes = waiting.shift();
      if (bytes) {
        yield bytes;
        countBack(bytes.length);
      } else if (outputEnded || closed === 'closed') return;
      else if (closed !== null) throw failure(closed);
      else await new Promise<void>((wake) => (wakeReader = wake));
    }
  }

  return {
    async write(bytes) {
      for (let offset = 0; offset < bytes.length; ) {
        while (credit === 0 && closed === null) await new Promise<void>((wake) => (wakeWriter = wake));
        if (closed !== null || inputEnded) throw failure(closed ?? 'closed');
        const part = bytes.subarray(offset, offset + Math.min(credit, LIMITS.streamFrame));
        offset += part.length;
        credit -= part.length;
        await send({ type: 'data', stream, bytes: Buffer.from(part).toString('base64') });
      }
    },
    endInput() {
      if (inputEnded || closed !== null) return;
      inputEnded = true;
      send({ type: 'end', stream });
      endWhenBoth();
    },
    output: output(),
    close(why = 'closed') {
      if (closed === null && !(inputEnded && outputEnded)) send({ type: 'close', stream, why });
      abort(why);
    },
    aborted: aborted.promise,
    over: over.promise,
    receive(message) {
      if (message.type === 'data') return take(Buffer.from(message.bytes, 'base64'));
      if (message.type === 'close') return abort(message.why);
      if (message.type === 'credit') {
        credit += message.bytes;
        if (credit > LIMITS.streamWindow) throw new RangeError(`stream ${stream} was given more than its window`);
        return wakeWriter();
      }
      outputEnded = true;
      wakeReader();
      endWhenBoth();
    },
  };
}
