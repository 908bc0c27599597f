/** Runs at most `limit` tasks at a time; the others wait in the order they came. */
export function semaphore(limit: number) {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function acquire(): Promise<void> {
    if (running < limit) {
      running++;
      return;
    }
    // The place is handed over, never freed in between, so nobody overtakes.
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function release(): void {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }

  return async function run<T>(task: () => Promise<T>): Promise<T> {
    await acquire();
    try {
      return await task();
    } finally {
      release();
    }
  };
}
