import type { Channel, Chunk, Engine, ExecSpec } from '../../../runner/core/ports/engine.ts';
import type { TerminalPlace } from '../../../runner/core/ports/sessions.ts';

const RING = 256 * 1024;
const FLOOD_CHUNK = 16 * 1024;
const OLDEST = 0xffff_ffff_ffff_ffffn;

/** A shell that outlives its attachments, as a real keeper's does. Bytes it printed are numbered from 0. */
interface Shell {
  total: number;
  ring: Buffer;
}

/** One attachment as the tests watch it. */
export interface Attachment {
  readonly spec: ExecSpec;
  readonly typed: Buffer[];
  readonly sizes: [number, number][];
  /** Output bytes the server has pulled. */
  pulled: number;
  flooding: boolean;
  closed: boolean;
  /** Puts raw bytes on standard output, whatever they are. */
  emit(bytes: Uint8Array): void;
  /** Ends the output, as a lost exec does. */
  end(code: number, complaint?: string): void;
}

export interface FakeKeeper {
  readonly attachments: Attachment[];
  place(shell?: readonly string[]): TerminalPlace;
}

interface KeeperOptions {
  /** Never greets. */
  readonly mute?: boolean;
  /** Does not end when it is told to. */
  readonly immortal?: boolean;
}

/**
 * An engine whose exec is a keeper: echoes what is typed; "flood" prints without end until Ctrl-C; "exit N" ends.
 * Output is made only when it is pulled, and the flood only against credit.
 */
export function fakeKeeper(options: KeeperOptions = {}): FakeKeeper {
  const attachments: Attachment[] = [];
  const shells = new Map<string, Shell>();
  const engine = {
    exec: async (_id: string, spec: ExecSpec) => {
      const name = spec.argv[2] ?? '';
      const shell = shells.get(name) ?? { total: 0, ring: Buffer.alloc(0) };
      shells.set(name, shell);
      const { channel, attachment } = attach(shell, spec, options);
      attachments.push(attachment);
      return channel;
    },
  };
  // Of the engine a terminal only ever uses exec.
  const place = (shell = ['/bin/bash', '-l']): TerminalPlace => ({
    engine: engine as unknown as Engine,
    container: 'c1',
    user: '1000',
    shell,
    typed: () => {},
  });
  return { attachments, place };
}

function attach(shell: Shell, spec: ExecSpec, options: KeeperOptions): { channel: Channel; attachment: Attachment } {
  const ready: Chunk[] = [];
  let input = Buffer.alloc(0);
  let credit = 0;
  let ended: { code: number } | null = null;
  let wake = () => {};
  const print = (bytes: Buffer) => {
    shell.total += bytes.length;
    shell.ring = Buffer.concat([shell.ring, bytes]).subarray(-RING);
    return frame('o', bytes);
  };
  const attachment: Attachment = {
    spec,
    typed: [],
    sizes: [],
    pulled: 0,
    flooding: false,
    closed: false,
    emit(bytes) {
      ready.push({ stream: 'stdout', bytes: Buffer.from(bytes) });
      wake();
    },
    end(code, complaint) {
      if (complaint) ready.push({ stream: 'stderr', bytes: Buffer.from(complaint) });
      ended = { code };
      wake();
    },
  };

  function obey(type: string, payload: Buffer) {
    if (type === 'h' && !options.mute) {
      const asked = payload.readBigUInt64BE(0);
      const oldest = shell.total - shell.ring.length;
      const from = asked === OLDEST ? oldest : Number(asked);
      const next = Math.min(Math.max(from, oldest), shell.total);
      const hello = Buffer.alloc(16);
      hello.writeBigUInt64BE(BigInt(next), 0);
      hello.writeBigUInt64BE(BigInt(next - from), 8);
      attachment.sizes.push([payload.readUInt16BE(8), payload.readUInt16BE(10)]);
      attachment.emit(frame('a', hello));
      if (next < shell.total) attachment.emit(frame('o', shell.ring.subarray(next - oldest)));
    }
    if (type === 'r') attachment.sizes.push([payload.readUInt16BE(0), payload.readUInt16BE(2)]);
    if (type === 'k' && !options.immortal) leave(129);
    if (type === 'i') type_(payload);
    if (type === 'c') {
      credit += payload.readUInt32BE(0);
      wake();
    }
  }

  function type_(payload: Buffer) {
    attachment.typed.push(payload);
    const text = payload.toString('latin1');
    if (text.includes('\x03')) attachment.flooding = false;
    else if (text === 'flood') attachment.flooding = true;
    else if (text.startsWith('exit ')) leave(Number(text.slice(5)));
    else return attachment.emit(print(payload));
    wake();
  }

  function leave(code: number) {
    const payload = Buffer.alloc(4);
    payload.writeInt32BE(code);
    attachment.flooding = false;
    attachment.emit(frame('x', payload));
    attachment.end(0);
  }

  async function* output(): AsyncGenerator<Chunk> {
    while (!attachment.closed) {
      const chunk =
        ready.shift() ??
        (attachment.flooding && credit >= FLOOD_CHUNK
          ? { stream: 'stdout' as const, bytes: print(Buffer.alloc(FLOOD_CHUNK, 'y')) }
          : null);
      if (chunk) {
        attachment.pulled += chunk.bytes.length;
        yield chunk;
        credit -= chunk.bytes.length;
        if (attachment.flooding) await new Promise((resolve) => setImmediate(resolve));
      } else if (ended) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  const channel: Channel = {
    async write(bytes) {
      input = Buffer.concat([input, bytes]);
      while (input.length >= 5 && input.length >= 5 + input.readUInt32BE(1)) {
        const end = 5 + input.readUInt32BE(1);
        obey(input.toString('latin1', 0, 1), input.subarray(5, end));
        input = input.subarray(end);
      }
    },
    endInput() {},
    output: output(),
    close() {
      attachment.closed = true;
      wake();
    },
    exitCode: async () => ended?.code ?? 0,
    [Symbol.asyncDispose]: async () => channel.close(),
  };
  return { channel, attachment };
}

export function frame(type: string, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(5);
  header.write(type, 0, 'latin1');
  header.writeUInt32BE(payload.length, 1);
  return Buffer.concat([header, payload]);
}
