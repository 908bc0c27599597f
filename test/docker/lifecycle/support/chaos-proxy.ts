import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { DockerAddress } from '../../../../runner/engine/connect.ts';

/** What becomes of the engine's answers, in the words of Toxiproxy where it has them. */
export type Toxic =
  | { readonly kind: 'latency'; readonly milliseconds: number }
  /** One byte at a time. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** After so many bytes the connection ends as if all were said. */
  | { readonly kind: 'truncate'; readonly bytes: number }
  /** After so many bytes it is reset. */
  | { readonly kind: 'reset'; readonly bytes: number }
  /** After so many bytes nothing comes any more, and nobody hangs up. */
  | { readonly kind: 'hang'; readonly bytes: number };

/** A TCP address that leads to the engine's socket, with something wrong on the way back. */
export async function chaosProxy(socketPath: string, toxic: Toxic | null) {
  const open = new Set<Socket>();
  const keep = (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
  };
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ path: socketPath, allowHalfOpen: true });
    keep(near);
    keep(far);
    near.pipe(far);
    near.on('close', () => far.destroy());
    void answer(far, near, toxic).catch(() => near.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    address: { host: '127.0.0.1', port } satisfies DockerAddress,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

async function answer(far: Socket, near: Socket, toxic: Toxic | null): Promise<void> {
  let passed = 0;
  for await (const bytes of far as AsyncIterable<Buffer>) {
    if (toxic === null) near.write(bytes);
    else if (toxic.kind === 'latency') {
      await pause(toxic.milliseconds);
      near.write(bytes);
    } else if (toxic.kind === 'slow') {
      for (const byte of bytes) {
        if (near.destroyed) return;
        near.write(Buffer.of(byte));
        await pause(toxic.milliseconds);
      }
    } else {
      near.write(bytes.subarray(0, Math.max(0, toxic.bytes - passed)));
      passed += bytes.length;
      if (passed >= toxic.bytes) return stop(near, toxic.kind);
    }
  }
  near.end();
}

async function stop(near: Socket, how: 'truncate' | 'reset' | 'hang'): Promise<void> {
  if (how === 'hang') await once(near, 'close');
  // What was passed on is to arrive first.
  if (how === 'reset') await pause(20);
  if (how === 'reset') near.resetAndDestroy();
  if (how === 'truncate') near.end();
}
