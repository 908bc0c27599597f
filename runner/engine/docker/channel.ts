import type { Duplex } from 'node:stream';
import { DrydockError } from '#contract';
import type { Channel, Chunk } from '../../core/ports/engine.ts';
import { demultiplex } from './frames.ts';
import type { Hijacked } from './hijack.ts';

/**
 * A hijacked connection as a channel. The socket is read in paused mode: while nobody pulls `output`, at most one
 * socket buffer (64 KiB) is held here, then the kernel's fills, then the engine and the process wait.
 * `exit` asks for the exit code; it is called once, after output ended.
 */
export function socketChannel({ socket, head }: Hijacked, process: string, exit: () => Promise<number>): Channel {
  const ended = Promise.withResolvers<void>();
  ended.promise.catch(() => undefined);
  let closed = false;
  let code: Promise<number> | null = null;
  let drained: Promise<void> | null = null;

  const cut = (cause: unknown) =>
    new DrydockError('engine-unavailable', `The connection to ${process} was cut before it ended.`, { cause });
  // Whoever reads or writes hears of it; without a listener it would end the runner.
  socket.on('error', () => undefined);

  async function* output(): AsyncGenerator<Chunk, void, undefined> {
    try {
      yield* demultiplex(readPaused(socket, head));
      ended.resolve();
    } catch (error) {
      ended.reject(cut(error));
      if (!closed) throw cut(error);
    }
  }

  // One generator, however often it is iterated: leaving a loop early leaves the rest for the next one.
  const chunks = output();

  function close(): void {
    if (closed) return;
    closed = true;
    socket.destroy();
    ended.reject(cut(new Error('closed here')));
  }

  return {
    async write(bytes) {
      if (bytes.length === 0) return;
      if (!socket.writable) throw cut(new Error('its input is closed'));
      if (socket.write(bytes)) return;
      drained ??= untilDrained(socket).finally(() => {
        drained = null;
      });
      await drained.catch((error) => {
        throw cut(error);
      });
    },
    endInput: () => void socket.end(),
    output: { [Symbol.asyncIterator]: () => ({ next: () => chunks.next() }) },
    close,
    exitCode: () => (code ??= ended.promise.then(exit)),
    async [Symbol.asyncDispose]() {
      close();
    },
  };
}

async function* readPaused(socket: Duplex, head: Buffer): AsyncGenerator<Buffer, void, undefined> {
  if (head.length > 0) yield head;
  yield* socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
}

function untilDrained(socket: Duplex): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error) => {
      socket.off('drain', onDrain).off('close', onClose).off('error', settle);
      if (error) reject(error);
      else resolve();
    };
    const onDrain = () => settle();
    const onClose = () => settle(new Error('closed while writing'));
    socket.on('drain', onDrain).on('close', onClose).on('error', settle);
  });
}
