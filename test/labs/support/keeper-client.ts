import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export interface KeeperClient {
  /** Number of the next byte at the time of attaching, and how many were skipped. */
  attached(): Promise<{ seq: bigint; skipped: bigint }>;
  input(text: string): void;
  resize(cols: number, rows: number): void;
  /** So many more bytes of output may come. */
  credit(bytes: number): void;
  endShell(): void;
  raw(bytes: Buffer): void;
  /** Output so far. */
  output(): Buffer;
  seen(pattern: RegExp, milliseconds?: number): Promise<string>;
  /** Exit code of the shell. */
  exited(): Promise<number>;
  /** The connection ended, whoever ended it. */
  ended: Promise<void>;
  /** Stops and goes on reading: what is unread blocks the keeper. */
  pause(): void;
  resume(): void;
  /** Cut like a lost network. */
  cut(): void;
  readonly process: ChildProcess;
}

/** More than any test reads. */
const MUCH = 0xffff_ffff;
const OLDEST = 0xffff_ffff_ffff_ffffn;

export function attach(
  keeper: string,
  name: string,
  options: { from?: bigint; credit?: number; program?: string[]; home?: string } = {},
): KeeperClient {
  const words = options.program ? ['--', ...options.program] : [];
  const child = spawn(keeper, ['attach', name, ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, HOME: options.home ?? '/', PS1: '$ ', LC_ALL: 'C' },
  });
  child.stdin.on('error', () => undefined);
  let pending = Buffer.alloc(0);
  const chunks: Buffer[] = [];
  const greeting = Promise.withResolvers<{ seq: bigint; skipped: bigint }>();
  const exit = Promise.withResolvers<number>();
  exit.promise.catch(() => undefined);
  greeting.promise.catch(() => undefined);
  child.stdout.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 5 && pending.length >= 5 + pending.readUInt32BE(1)) {
      const payload = pending.subarray(5, 5 + pending.readUInt32BE(1));
      const type = String.fromCharCode(pending[0] ?? 0);
      if (type === 'a') greeting.resolve({ seq: payload.readBigUInt64BE(0), skipped: payload.readBigUInt64BE(8) });
      if (type === 'o') chunks.push(Buffer.from(payload));
      if (type === 'x') exit.resolve(payload.readInt32BE(0));
      pending = pending.subarray(5 + payload.length);
    }
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  ended.then(() => {
    greeting.reject(new Error('ended before it was attached'));
    exit.reject(new Error('ended without an exit code'));
  });
  const send = (type: string, payload: Buffer = Buffer.alloc(0)) => child.stdin.write(frame(type, payload));
  const hello = Buffer.alloc(12);
  hello.writeBigUInt64BE(options.from ?? OLDEST);
  hello.writeUInt16BE(80, 8);
  hello.writeUInt16BE(24, 10);
  send('h', hello);
  const credit = (bytes: number) => {
    const payload = Buffer.alloc(4);
    payload.writeUInt32BE(bytes);
    send('c', payload);
  };
  credit(options.credit ?? MUCH);
  const output = () => Buffer.concat(chunks);
  return {
    attached: () => greeting.promise,
    input: (text) => send('i', Buffer.from(text)),
    resize(cols, rows) {
      const size = Buffer.alloc(4);
      size.writeUInt16BE(cols);
      size.writeUInt16BE(rows, 2);
      send('r', size);
    },
    credit,
    endShell: () => send('k'),
    raw: (bytes) => child.stdin.write(bytes),
    output,
    async seen(pattern, milliseconds = 5000) {
      const until = Date.now() + milliseconds;
      while (Date.now() < until) {
        const found = pattern.exec(output().toString('latin1'));
        if (found) return found[0];
        await sleep(10);
      }
      throw new Error(
        `${pattern} was not printed within ${milliseconds} ms; the end is ${JSON.stringify(output().subarray(-200).toString('latin1'))}`,
      );
    },
    exited: () => exit.promise,
    ended,
    pause: () => void child.stdout.pause(),
    resume: () => void child.stdout.resume(),
    cut: () => void child.kill('SIGKILL'),
    process: child,
  };
}

export function frame(type: string, payload: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeUInt32BE(payload.length, 1);
  return Buffer.concat([head, payload]);
}
