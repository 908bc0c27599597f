import { setTimeout as pause } from 'node:timers/promises';
import type { TerminalPlace } from '../../../runner/core/ports/sessions.ts';
import type { Screen, ShellPeer } from '../../../runner/core/ports/shell.ts';
import { attachShell } from '../../../runner/terminal/attach-shell.ts';

export interface TypedShell extends AsyncDisposable {
  type(text: string): void;
  resize(screen: Screen): void;
  /** All it showed so far, without colours. */
  text(): string;
  /** Waits until what it showed since the last call matches; answers that part. */
  shows(pattern: RegExp, seconds?: number): Promise<string>;
}

/** A learner at a terminal: what they type, and what they see. */
export function typedShell(place: Omit<TerminalPlace, 'typed'>, name: string): TypedShell {
  const keys: Uint8Array[] = [];
  const gone = new AbortController();
  let wake = () => {};
  let shown = '';
  let read = 0;
  let resized = (_: Screen) => {};

  async function* input(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = keys.shift();
      if (next) yield next;
      else if (gone.signal.aborted) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }

  const peer: ShellPeer = {
    screen: { cols: 120, rows: 40 },
    input: input(),
    async write(bytes) {
      shown += Buffer.from(bytes).toString('utf8');
    },
    onResize(listener) {
      resized = listener;
    },
    gone: gone.signal,
  };
  const ended = attachShell(place, name, peer).catch((error) => {
    shown += `\n${error}\n`;
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's own.
  const plain = (text: string) => text.replace(/\x1b\[[0-9;?]*[a-zA-Z]/g, '').replaceAll('\r', '');

  return {
    type(text) {
      keys.push(Buffer.from(text));
      wake();
    },
    resize: (screen) => resized(screen),
    text: () => plain(shown),
    async shows(pattern, seconds = 20) {
      for (const until = performance.now() + seconds * 1000; ; await pause(20)) {
        const text = plain(shown.slice(read));
        if (pattern.test(text)) {
          read = shown.length;
          return text;
        }
        if (performance.now() > until) throw new Error(`not within ${seconds} s: ${pattern}\nbut:\n${text}`);
      }
    },
    async [Symbol.asyncDispose]() {
      gone.abort();
      wake();
      await ended;
    },
  };
}
