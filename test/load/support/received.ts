import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';

/** A stretch of a shell's output that reached the page without a gap. */
export interface Stretch {
  /** Sequence number of its first byte. */
  readonly from: number;
  readonly bytes: Buffer;
  /** What the server said was skipped before it. */
  readonly skipped: number;
}

/** Listens to what the page's terminals receive, over all their sockets; in a browser the drawing shows the end only. */
export function received(page: Page) {
  const stretches: { from: number; chunks: Buffer[]; skipped: number }[] = [];
  let sockets = 0;

  page.on('websocket', (socket) => {
    if (!socket.url().includes('/terminal')) return;
    sockets++;
    let current: (typeof stretches)[number] | null = null;
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload !== 'string') return void current?.chunks.push(payload);
      const message = JSON.parse(payload) as { type: string; seq: number; skipped: number };
      if (message.type !== 'attached') return;
      current = { from: message.seq, chunks: [], skipped: message.skipped };
      stretches.push(current);
    });
  });

  const text = () => stretches.map(({ chunks }) => Buffer.concat(chunks).toString('latin1')).join('');

  return {
    sockets: () => sockets,
    /** Waits for a line; what the page was sent is there long before a screen reader could have it all. */
    async line(wanted: RegExp, withinMs: number): Promise<RegExpExecArray> {
      for (const until = performance.now() + withinMs; ; await pause(100)) {
        const found = wanted.exec(text());
        if (found) return found;
        if (performance.now() > until) throw new Error(`${wanted} did not come; the end:\n${text().slice(-500)}`);
      }
    },
    stretches: (): Stretch[] =>
      stretches.map(({ from, chunks, skipped }) => ({ from, bytes: Buffer.concat(chunks), skipped })),
  };
}

/** Why the stretches are not one stream whose gaps were all told; null when they are. */
export function flaw(stretches: readonly Stretch[]): string | null {
  let next: number | null = null;
  for (const { from, bytes, skipped } of stretches) {
    if (next !== null && from - skipped !== next) {
      return `after byte ${next} came byte ${from}, and ${skipped} were said to be skipped`;
    }
    next = from + bytes.length;
  }
  return null;
}

/** Why the lines of each stretch are not numbers that count on; null when they are. Cut lines at its ends are left out. */
export function miscount(stretches: readonly Stretch[]): string | null {
  for (const { bytes } of stretches) {
    const numbers = bytes
      .toString('latin1')
      .split('\r\n')
      .slice(1, -1)
      .filter((line) => /^\d+$/.test(line))
      .map(Number);
    const wrong = numbers.findIndex((number, at) => at > 0 && number !== (numbers[at - 1] ?? 0) + 1);
    if (wrong > 0) return `after ${numbers[wrong - 1]} came ${numbers[wrong]}`;
  }
  return null;
}
