import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { TERMINAL_ACK_EVERY, TerminalDown } from '#contract';

export type TerminalClient = Awaited<ReturnType<typeof openTerminal>>;

interface Options {
  readonly target?: string;
  readonly name: string;
  readonly from?: number;
  /** false: reads, but never says that it drew anything. */
  readonly acks?: boolean;
  /** false: counts output without keeping it. */
  readonly keeps?: boolean;
}

const PATIENCE_MS = 20_000;

/** Opens a terminal and waits until it is attached. */
export async function openTerminal(port: number, { target = 'w0', name, from, acks = true, keeps = true }: Options) {
  const after = from === undefined ? '' : `&from=${from}`;
  const ws = new WebSocket(`ws://127.0.0.1:${port}/?target=${target}&name=${name}${after}`, {
    perMessageDeflate: false,
  });
  const parts: Buffer[] = [];
  const messages: TerminalDown[] = [];
  let bytes = 0;
  let acked = 0;
  let tail = '';
  ws.on('error', () => undefined);
  ws.on('message', (data: Buffer, binary) => {
    if (!binary) return void messages.push(TerminalDown.parse(JSON.parse(data.toString())));
    bytes += data.length;
    if (keeps) parts.push(data);
    tail = (tail + data.subarray(-4096).toString('latin1')).slice(-4096);
    if (!acks || bytes - acked < TERMINAL_ACK_EVERY) return;
    acked = bytes;
    ws.send(JSON.stringify({ type: 'ack', bytes }));
  });
  const closed = new Promise<number>((resolve) => ws.on('close', resolve));
  async function until(holds: () => boolean, what: string, within = PATIENCE_MS) {
    const began = performance.now();
    while (!holds()) {
      if (performance.now() - began > within)
        throw new Error(`waited in vain until ${what}; the end is ${JSON.stringify(tail.slice(-300))}`);
      await pause(2);
    }
  }
  await until(() => messages.length > 0 || ws.readyState === ws.CLOSED, 'attached');
  const [first] = messages;
  if (first?.type !== 'attached') throw new Error(`not attached: ${JSON.stringify(first)}`);
  return {
    ws,
    attached: first,
    closed,
    bytes: () => bytes,
    output: () => Buffer.concat(parts),
    tail: () => tail,
    type: (text: string | Buffer) => ws.send(Buffer.from(text as string)),
    say: (message: object) => ws.send(JSON.stringify(message)),
    exit: () => messages.flatMap((one) => (one.type === 'exit' ? [one.code] : []))[0],
    until,
    seen: (pattern: RegExp, within?: number) => until(() => pattern.test(tail), `${pattern}`, within),
  };
}
