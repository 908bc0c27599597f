import { DrydockError, TERMINAL_ACK_EVERY, TerminalDown, type TerminalUp } from '#contract';
import { LABEL } from '../../core/labels/labels.ts';
import { ROLES } from '../../core/policy/roles.ts';
import type { Bed } from './measure.ts';
import type { RawLaunch } from './replay-launch.ts';

/** A shell on a terminal, whichever way it is reached. */
export interface BenchTerminal {
  type(text: string): void;
  /** Takes output until `done` says so of what has come since; throws `workbench-lost` when it ends or stalls before. */
  read(done: (bytes: Buffer) => boolean): Promise<void>;
}

const PATIENCE_MS = 60_000;

/** Drydock's: the WebSocket of the lab page, acknowledging as the page does. */
export async function drydockTerminal({ client }: Bed, session: string, name: string): Promise<BenchTerminal> {
  const socket = client.socket(`/api/sessions/${session}/terminal?target=workbench&name=${name}`);
  socket.binaryType = 'arraybuffer';
  const reader = outputReader();
  const attached = Promise.withResolvers<void>();
  let drawn = 0;
  let acked = 0;
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string') {
      const message = TerminalDown.parse(JSON.parse(data));
      return message.type === 'attached' ? attached.resolve() : reader.end(JSON.stringify(message));
    }
    drawn += data.byteLength;
    if (drawn - acked >= TERMINAL_ACK_EVERY) {
      acked = drawn;
      socket.send(JSON.stringify({ type: 'ack', bytes: acked } satisfies TerminalUp));
    }
    reader.take(Buffer.from(data));
  };
  socket.onclose = ({ code, reason }) => reader.end(`closed with ${code} ${reason}`);
  await Promise.race([attached.promise, reader.ended]);
  return { type: (text) => socket.send(Buffer.from(text)), read: reader.read };
}

/** The engine's own: an exec with a terminal in a workbench, its stream read as it comes. */
export async function rawTerminal({ raw }: Bed, { recording, containers }: RawLaunch): Promise<BenchTerminal> {
  const workbench = recording.containers.find(({ spec }) => spec.labels[LABEL.role] === 'workbench');
  const exec = { argv: ['/bin/bash', '-l'], user: ROLES.workbench.user, env: {} };
  const { socket, head } = await raw.terminal(containers.get(workbench?.id ?? '') ?? '', exec);
  const reader = outputReader();
  socket.on('data', reader.take);
  socket.on('error', (error) => reader.end(error.message));
  socket.on('close', () => reader.end('closed'));
  reader.take(head);
  return { type: (text) => void socket.write(text), read: reader.read };
}

/** Hands output to whoever reads; what came before somebody did is kept for the first. */
function outputReader() {
  let early: Buffer[] = [];
  let take = (bytes: Buffer) => void early.push(bytes);
  const { promise: ended, reject } = Promise.withResolvers<never>();
  ended.catch(() => undefined);

  async function read(done: (bytes: Buffer) => boolean): Promise<void> {
    const finished = Promise.withResolvers<void>();
    const patience = setTimeout(() => finished.reject(lost('it gave no output for too long')), PATIENCE_MS);
    take = (bytes) => {
      if (done(bytes)) finished.resolve();
    };
    for (const bytes of early) take(bytes);
    early = [];
    try {
      await Promise.race([finished.promise, ended]);
    } finally {
      clearTimeout(patience);
      take = (bytes) => void early.push(bytes);
    }
  }

  return { take: (bytes: Buffer) => take(bytes), end: (why: string) => reject(lost(why)), ended, read };
}

const lost = (why: string) => new DrydockError('workbench-lost', `The terminal under measurement failed: ${why}.`);
