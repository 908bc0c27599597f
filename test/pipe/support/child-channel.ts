import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { DrydockError } from '#contract';
import type { Channel, Chunk } from '../../../runner/core/ports/engine.ts';

export interface ChildChannel extends Channel {
  readonly pid: number;
  /** What it printed on standard error so far, the first 64 KiB. */
  complaint(): string;
}

const cut = (why: string) => new DrydockError('engine-unavailable', `The connection to the program was cut: ${why}.`);

/** A program of this machine as a channel, where an engine would give one into a container. Output is pulled. */
export function childChannel(argv: readonly string[], env: Readonly<Record<string, string>> = {}): ChildChannel {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { stdio: 'pipe', env: { PATH: '/nonexistent', ...env } });
  const exited = once(child, 'exit');
  exited.catch(() => undefined);
  let complaint = '';
  child.stderr.on('data', (bytes) => {
    if (complaint.length < 65_536) complaint += bytes;
  });
  child.stdin.on('error', () => undefined);
  let closed = false;
  let drained: Promise<void> | null = null;

  async function* output(): AsyncGenerator<Chunk> {
    try {
      for await (const bytes of child.stdout) yield { stream: 'stdout', bytes };
    } catch (error) {
      if (!closed) throw error;
    }
  }

  // A connection that is dropped leaves a process in a container running; here nothing may be left behind.
  function close() {
    closed = true;
    child.stdout.destroy();
    child.kill('SIGKILL');
  }

  return {
    pid: child.pid ?? 0,
    complaint: () => complaint,
    async write(bytes) {
      if (!child.stdin.writable) throw cut('its input is closed');
      if (child.stdin.write(bytes)) return;
      drained ??= untilDrained(child.stdin).finally(() => (drained = null));
      await drained;
    },
    endInput: () => void child.stdin.end(),
    output: output(),
    close,
    exitCode: async () => Number((await exited)[0] ?? 137),
    [Symbol.asyncDispose]: async () => close(),
  };
}

async function untilDrained(input: Writable): Promise<void> {
  const settled = new AbortController();
  const { signal } = settled;
  const closed = once(input, 'close', { signal }).then(() => Promise.reject(cut('closed while writing')));
  try {
    await Promise.race([once(input, 'drain', { signal }), closed]);
  } catch {
    throw cut('closed while writing');
  } finally {
    settled.abort();
  }
}
