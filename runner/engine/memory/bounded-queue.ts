/** A queue between one writer and one reader, bounded in bytes: what a pipe of the kernel is to two processes. */
export interface BoundedQueue<T> {
  /** Resolves once less than the limit is queued, or the reader is gone. */
  push(item: T): Promise<void>;
  end(): void;
  /** The reader is gone: what is queued is dropped, as is what still comes. */
  drop(): void;
  readonly items: AsyncGenerator<T, void, undefined>;
}

export function boundedQueue<T>(limit: number, sizeOf: (item: T) => number): BoundedQueue<T> {
  const queued: T[] = [];
  let size = 0;
  let state: 'open' | 'ended' | 'dropped' = 'open';
  let arrival = Promise.withResolvers<void>();
  let room = Promise.withResolvers<void>();

  const announce = () => {
    arrival.resolve();
    arrival = Promise.withResolvers<void>();
  };
  const makeRoom = () => {
    room.resolve();
    room = Promise.withResolvers<void>();
  };

  async function* items(): AsyncGenerator<T, void, undefined> {
    for (;;) {
      const item = queued.shift();
      if (item !== undefined) {
        size -= sizeOf(item);
        if (size < limit) makeRoom();
        yield item;
      } else if (state !== 'open') return;
      else await arrival.promise;
    }
  }

  return {
    async push(item) {
      if (state !== 'open') return;
      queued.push(item);
      size += sizeOf(item);
      announce();
      while (state === 'open' && size >= limit) await room.promise;
    },
    end() {
      if (state === 'open') state = 'ended';
      announce();
      makeRoom();
    },
    drop() {
      state = 'dropped';
      queued.length = 0;
      size = 0;
      announce();
      makeRoom();
    },
    items: items(),
  };
}
