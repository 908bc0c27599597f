import { TERMINAL_WINDOW } from '#contract';
import type { TerminalLimits } from './terminal-limits.ts';

/** Decides how much output may leave now, from what the peer has acknowledged and what its connection holds. */
export interface OutputWindow {
  /** Bytes that may be sent, waiting until there are any; 0 once closed. */
  room(): number | Promise<number>;
  sent(bytes: number): void;
  /** False when more is acknowledged than was ever sent. */
  acked(total: number): boolean;
  /** Something left the connection. */
  drained(): void;
  close(): void;
}

/** `stalled` is told when room was waited for that long in vain. */
export function outputWindow(
  limits: Pick<TerminalLimits, 'bufferedOutput' | 'stalledAfter'>,
  buffered: () => number,
  stalled: () => void,
): OutputWindow {
  let sent = 0;
  let acked = 0;
  let closed = false;
  let wake: (() => void) | null = null;

  const free = () => {
    if (closed || buffered() >= limits.bufferedOutput) return 0;
    return Math.max(0, TERMINAL_WINDOW - (sent - acked));
  };

  function wait(): Promise<number> {
    return new Promise((resolve) => {
      const timer = setTimeout(stalled, limits.stalledAfter);
      wake = () => {
        const room = free();
        if (room === 0 && !closed) return;
        clearTimeout(timer);
        wake = null;
        resolve(room);
      };
    });
  }

  return {
    room: () => (closed ? 0 : free() || wait()),
    sent: (bytes) => {
      sent += bytes;
    },
    acked(total) {
      if (total > sent) return false;
      acked = Math.max(acked, total);
      wake?.();
      return true;
    },
    drained: () => wake?.(),
    close() {
      closed = true;
      wake?.();
    },
  };
}
