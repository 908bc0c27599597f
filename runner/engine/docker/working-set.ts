import { DEADLINE } from './call.ts';
import type { Client } from './client.ts';

/** What the stats of a container say of its memory, in the words of cgroup v1 or v2. */
interface MemoryStats {
  readonly usage?: number;
  readonly stats?: { readonly total_inactive_file?: number; readonly inactive_file?: number };
}

/**
 * Memory a container cannot do without, in bytes: what it uses less the file cache that would be given up first, as
 * "docker stats" counts it. 0 for one that is not running.
 */
export async function workingSet(client: Client, id: string): Promise<number> {
  return client.call(
    `ask for the memory of ${id}`,
    { deadline: DEADLINE.ask, idempotent: true },
    async (abortSignal) => {
      // One reading: without "one-shot" the engine takes a second one a second later, to compare.
      const options = { stream: false, 'one-shot': true, abortSignal } as { stream: false };
      const { memory_stats: memory } = (await client.docker.getContainer(id).stats(options)) as {
        memory_stats: MemoryStats;
      };
      const cache = memory.stats?.total_inactive_file ?? memory.stats?.inactive_file ?? 0;
      return Math.max(0, (memory.usage ?? 0) - cache);
    },
  );
}
