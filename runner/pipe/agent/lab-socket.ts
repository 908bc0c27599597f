import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { encodeFrame, frameDecoder } from './frames.ts';
import { type AgentMessage, LIMITS } from './protocol.ts';

/** Carries `lab …` calls of the workbench's shells to the runner and its answers back. */
export async function serveLabSocket(path: string, send: (message: AgentMessage) => void) {
  const calls = new Map<number, Socket>();
  let next = 1;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // A restarted agent finds its predecessor's socket.
  await rm(path, { force: true });
  const server = createServer((socket) => {
    if (calls.size >= LIMITS.calls) {
      socket.write(encodeFrame({ text: 'Too many lab commands at once; let some of them end.\n' }));
      socket.end(encodeFrame({ code: 2 }));
      socket.on('error', () => socket.destroy());
      return;
    }
    const call = next++;
    const decode = frameDecoder(64 * 1024);
    calls.set(call, socket);
    socket.on('data', (chunk) => {
      try {
        for (const message of decode(chunk)) send({ type: 'lab', call, argv: argvOf(message) });
      } catch {
        socket.destroy();
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (calls.delete(call)) send({ type: 'lab-gone', call });
    });
  });
  await new Promise<void>((listening) => server.listen(path, listening));
  await chmod(path, 0o600);
  return {
    output(call: number, text: string) {
      calls.get(call)?.write(encodeFrame({ text }));
    },
    exit(call: number, code: number) {
      calls.get(call)?.end(encodeFrame({ code }));
      calls.delete(call);
    },
  };
}

function argvOf(message: unknown): string[] {
  const argv = (message as { argv?: unknown }).argv;
  return Array.isArray(argv) ? argv.slice(0, LIMITS.words).map((word) => String(word).slice(0, LIMITS.wordLength)) : [];
}
