/** Frames on their way into the container, in order, joined while an earlier write is still under way. */
export interface InputQueue {
  push(frame: Buffer): void;
  /** Starts writing; what was pushed before waits for this, behind `first`. */
  open(first: Buffer, write: (bytes: Uint8Array) => Promise<void>): void;
}

/**
 * `full` is told when more than `limit` bytes wait and again when all are written.
 * `failed` is told when a write fails; nothing is written after that.
 */
export function inputQueue(limit: number, full: (isFull: boolean) => void, failed: () => void): InputQueue {
  let waiting: Buffer[] = [];
  let bytes = 0;
  let isFull = false;
  const tell = (now: boolean) => {
    isFull = now;
    full(now);
  };
  let busy = true;
  let write: (bytes: Uint8Array) => Promise<void> = async () => {};

  async function drain() {
    busy = true;
    try {
      while (waiting.length > 0) {
        const [first] = waiting;
        const batch = waiting.length === 1 && first ? first : Buffer.concat(waiting);
        waiting = [];
        await write(batch);
        bytes -= batch.length;
      }
      busy = false;
      if (isFull) tell(false);
    } catch {
      failed();
    }
  }

  return {
    push(frame) {
      waiting.push(frame);
      bytes += frame.length;
      if (bytes > limit && !isFull) tell(true);
      if (!busy) void drain();
    },
    open(first, channelWrite) {
      write = channelWrite;
      waiting.unshift(first);
      bytes += first.length;
      void drain();
    },
  };
}
