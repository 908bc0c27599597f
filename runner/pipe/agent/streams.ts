import type { CloseReason, StreamMessage } from './protocol.ts';
import { type StreamEnd, streamEnd } from './stream.ts';

/** The streams of one pipe, as either side has them. */
export interface Streams {
  open(id: number, failure: (why: CloseReason) => Error): StreamEnd;
  /** What is said of a stream that is over, or never was, is passed over: the other side may not know yet. */
  receive(message: StreamMessage): void;
  /** Breaks all of them off, telling nobody: the pipe is gone. */
  fail(): void;
}

export function createStreams(send: (message: StreamMessage) => unknown): Streams {
  const streams = new Map<number, StreamEnd>();
  return {
    open(id, failure) {
      const end = streamEnd({ id, send, failure });
      streams.set(id, end);
      void end.over.then(() => streams.delete(id));
      return end;
    },
    receive: (message) => streams.get(message.stream)?.receive(message),
    fail() {
      for (const [stream, end] of streams) end.receive({ type: 'close', stream, why: 'reset' });
    },
  };
}
