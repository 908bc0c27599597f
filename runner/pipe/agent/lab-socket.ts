import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { encodeFrame, frameDecoder } from './frames.ts';
import { type AgentMessage, LIMITS, type ScreenSize } from './protocol.ts';
import type { StreamEnd } from './stream.ts';
import { written } from './tunnel.ts';

/** What a `lab` command says: its words first, then what is typed in its terminal, once that is wanted. */
interface LabMessage {
  readonly argv?: unknown;
  readonly size?: unknown;
  readonly input?: unknown;
  readonly end?: unknown;
}

interface Call {
  readonly socket: Socket;
  stream: StreamEnd | null;
  /** Everything that came for the terminal has been written to it. */
  shown: Promise<void>;
}

const HELD = 64 * 1024;

/** Carries `lab …` calls of the workbench's shells to the runner and its answers back. */
export async function serveLabSocket(path: string, send: (message: AgentMessage) => void) {
  const calls = new Map<number, Call>();
  let next = 1;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // A restarted agent finds its predecessor's socket.
  await rm(path, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    // A call counts until it is answered, not until its caller is gone: the runner is at work on it.
    if (calls.size >= LIMITS.calls) {
      socket.write(encodeFrame({ text: 'Too many lab commands at once; let some of them end.\n' }));
      socket.end(encodeFrame({ code: 2 }));
      return;
    }
    void serveCall(socket).finally(() => socket.destroy());
  });

  async function serveCall(socket: Socket): Promise<void> {
    const decode = frameDecoder(LIMITS.words * LIMITS.wordLength * 8);
    let call = 0;
    try {
      for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
        for (const message of decode(chunk) as LabMessage[]) {
          if (call === 0) call = begin(socket, message);
          else await hear(call, message);
        }
      }
    } catch {
      socket.destroy();
    } finally {
      if (calls.has(call)) send({ type: 'lab-gone', call });
      calls.get(call)?.stream?.close();
    }
  }

  function begin(socket: Socket, message: LabMessage): number {
    const argv = argvOf(message);
    const call = next++;
    calls.set(call, { socket, stream: null, shown: Promise.resolve() });
    send({ type: 'lab', call, argv, size: sizeOf(message.size) });
    return call;
  }

  async function hear(call: number, message: LabMessage): Promise<void> {
    const size = sizeOf(message.size);
    if (size) return send({ type: 'resize', call, ...size });
    const stream = calls.get(call)?.stream;
    if (!stream) throw new Error('nobody asked for its input');
    if (typeof message.input === 'string') await stream.write(Buffer.from(message.input.slice(0, HELD), 'base64'));
    else if (message.end) stream.endInput();
  }

  await new Promise<void>((listening) => server.listen(path, listening));
  await chmod(path, 0o600);
  return {
    output(call: number, text: string) {
      calls.get(call)?.socket.write(encodeFrame({ text }));
    },
    /** Joins the terminal of a call to a stream. */
    attach(call: number, stream: StreamEnd) {
      const found = calls.get(call);
      if (!found || found.socket.destroyed) return stream.close();
      found.stream = stream;
      found.shown = show(found.socket, stream).catch(() => stream.close());
      found.socket.write(encodeFrame({ attach: true }));
    },
    exit(call: number, code: number) {
      const found = calls.get(call);
      calls.delete(call);
      void found?.shown.then(() => found.socket.end(encodeFrame({ code })));
    },
  };
}

async function show(socket: Socket, stream: StreamEnd): Promise<void> {
  for await (const bytes of stream.output)
    await written(socket, encodeFrame({ output: Buffer.from(bytes).toString('base64') }));
}

function argvOf({ argv }: LabMessage): string[] {
  return Array.isArray(argv) ? argv.slice(0, LIMITS.words).map((word) => String(word).slice(0, LIMITS.wordLength)) : [];
}

function sizeOf(size: unknown): ScreenSize | null {
  const { cols, rows } = (size ?? {}) as { cols?: unknown; rows?: unknown };
  const fits = (count: unknown): count is number =>
    Number.isInteger(count) && Number(count) > 0 && Number(count) <= LIMITS.screen;
  return fits(cols) && fits(rows) ? { cols, rows } : null;
}
