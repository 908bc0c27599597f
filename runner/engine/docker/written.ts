import type { Written } from '../../core/ports/engine.ts';
import { DEADLINE } from './call.ts';
import type { Client } from './client.ts';

/** What a container has in its own layer, over its image. 0 of both for one that is not there any more. */
export async function written(client: Client, id: string): Promise<Written> {
  return client.call(
    `ask what ${id} has written`,
    { deadline: DEADLINE.ask, idempotent: true },
    async (abortSignal) => {
      const container = client.docker.getContainer(id);
      // The types know neither this option nor what it adds to the answer.
      const withSize: object = { size: true, abortSignal };
      const [info, changes] = await Promise.all([container.inspect(withSize), container.changes({ abortSignal })]);
      return { bytes: (info as { SizeRw?: number }).SizeRw ?? 0, entries: changes?.length ?? 0 };
    },
  );
}
