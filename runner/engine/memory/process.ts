import { DrydockError } from '#contract';
import type { Channel, Chunk } from '../../core/ports/engine.ts';
import { boundedQueue } from './bounded-queue.ts';

const PIPE_BYTES = 64 * 1024;

/** A process: the channel a caller holds and, behind it, the ends the program works with. */
export interface Process {
  readonly channel: Channel;
  readonly input: AsyncIterable<Uint8Array>;
  /** Waits while the caller does not read. */
  write(bytes: Uint8Array, stream?: Chunk['stream']): Promise<void>;
  /** Aborted when the process is killed. */
  readonly signal: AbortSignal;
  finish(code: number): void;
  kill(code: number): void;
  /** Nobody will ever read: output is thrown away. */
  detach(): void;
}

export function newProcess(name: string): Process {
  const input = boundedQueue<Uint8Array>(PIPE_BYTES, ({ length }) => length);
  const output = boundedQueue<Chunk>(PIPE_BYTES, ({ bytes }) => bytes.length);
  const killed = new AbortController();
  const exit = Promise.withResolvers<number>();
  exit.promise.catch(() => undefined);
  let writable = true;

  const cut = (why: string) =>
    new DrydockError('engine-unavailable', `The connection to ${name} was cut before it ended.`, {
      cause: new Error(why),
    });

  function finish(code: number): void {
    writable = false;
    input.drop();
    output.end();
    exit.resolve(code);
  }

  function close(): void {
    writable = false;
    input.end();
    output.drop();
    exit.reject(cut('closed here'));
  }

  return {
    channel: {
      async write(bytes) {
        if (!writable) throw cut('its input is closed');
        if (bytes.length > 0) await input.push(Buffer.from(bytes));
      },
      endInput() {
        writable = false;
        input.end();
      },
      output: { [Symbol.asyncIterator]: () => ({ next: () => output.items.next() }) },
      close,
      exitCode: () => exit.promise,
      async [Symbol.asyncDispose]() {
        close();
      },
    },
    input: { [Symbol.asyncIterator]: () => ({ next: () => input.items.next() }) },
    write: (bytes, stream = 'stdout') =>
      bytes.length > 0 ? output.push({ stream, bytes: Buffer.from(bytes) }) : Promise.resolve(),
    signal: killed.signal,
    finish,
    kill(code) {
      killed.abort();
      finish(code);
    },
    detach: () => output.drop(),
  };
}
