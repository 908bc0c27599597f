import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { attachTerminal } from '../../../../runner/terminal/attach-terminal.ts';
import { OUTPUT_SHARE, shareOutput } from '../../../../runner/terminal/share-output.ts';
import type { TerminalSocket } from '../../../../runner/terminal/terminal-socket.ts';
import type { Course } from '../../support/course.ts';

export interface OwnTerminal {
  type(text: string): void;
  /** Waits until this was printed; throws with the end of the output when it is not in time. */
  seen(pattern: RegExp, milliseconds: number): Promise<void>;
  /** From each key to its echo, in milliseconds, sorted. Keys come at a fixed pace, whether echoed or not. */
  echoes(keys: number, paceMs: number): Promise<number[]>;
  close(): void;
}

/** Each has a shell of its own: one that is gone would be replayed. */
let opened = 0;

/** A terminal in the workbench of a session, by what serves one; only the WebSocket is left out. */
export async function ownTerminal({ sessions }: Course, user: string, session: string): Promise<OwnTerminal> {
  const place = await sessions.terminal(user, session, 'workbench');
  let output = '';
  let arrived: (bytes: number) => void = () => {};
  let receive: (data: Buffer, binary: boolean) => void = () => {};
  let pong = () => {};
  let closed = () => {};
  const socket: TerminalSocket = {
    bufferedAmount: 0,
    send(data, done) {
      if (typeof data !== 'string') {
        output = (output + Buffer.from(data).toString('latin1')).slice(-4096);
        arrived(data.length);
      }
      done();
    },
    ping: () => pong(),
    pause() {},
    resume() {},
    close: () => closed(),
    terminate: () => closed(),
    onMessage: (handler) => {
      receive = handler;
    },
    onPong: (handler) => {
      pong = handler;
    },
    onClose: (handler) => {
      closed = handler;
    },
  };
  const attached = attachTerminal(
    place,
    { name: `bar-${++opened}`, cols: 80, rows: 24 },
    socket,
    shareOutput(OUTPUT_SHARE),
  );
  attached.catch(() => undefined);
  const type = (text: string) => receive(Buffer.from(text), true);

  async function seen(pattern: RegExp, milliseconds: number): Promise<void> {
    for (const until = Date.now() + milliseconds; !pattern.test(output); await pause(10))
      assert.ok(Date.now() < until, `${pattern} was not printed within ${milliseconds} ms: ${output.slice(-300)}`);
  }

  /** `cat` on a raw terminal gives back each byte as it came: the n-th out is the n-th in. */
  async function echoes(keys: number, paceMs: number): Promise<number[]> {
    type("stty raw -echo; echo re''ady; exec cat\n");
    await seen(/ready/, 20_000);
    await pause(200);
    const pressed: number[] = [];
    const waits: number[] = [];
    arrived = (bytes) => {
      for (let n = 0; n < bytes; n++) waits.push(performance.now() - (pressed[waits.length] ?? 0));
    };
    const began = performance.now();
    for (let key = 0; key < keys; key++) {
      await pause(Math.max(0, began + key * paceMs - performance.now()));
      pressed.push(performance.now());
      type('x');
    }
    for (const until = Date.now() + 10_000; waits.length < keys && Date.now() < until; ) await pause(20);
    assert.equal(waits.length, keys, 'every key came back once');
    return waits.sort((one, other) => one - other);
  }

  return { type, seen, echoes, close: () => closed() };
}

/** The value that `share` of the sorted ones do not exceed. */
export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
