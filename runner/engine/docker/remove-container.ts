import { setTimeout as pause } from 'node:timers/promises';
import { DEADLINE } from './call.ts';
import type { Client } from './client.ts';
import { isRefusal } from './errors.ts';

const ATTEMPTS = 3;
const PAUSE_MS = 100;

/** Forced, with its anonymous volumes; ends when the engine no longer knows it. */
export async function removeContainer(client: Client, id: string): Promise<void> {
  await client.call(
    `remove the container ${id}`,
    { deadline: DEADLINE.remove, idempotent: true },
    async (abortSignal) => {
      for (let attempt = 1; ; attempt++) {
        try {
          await client.docker.getContainer(id).remove({ force: true, v: true, abortSignal });
          return;
        } catch (error) {
          if (isRefusal(error, 404)) return;
          if (isRefusal(error, 409)) return await gone(client, id, abortSignal);
          // A busy mount or a slow kill answers 500 and works a moment later.
          if (attempt === ATTEMPTS || !isRefusal(error, 500)) throw error;
          await pause(PAUSE_MS * attempt);
        }
      }
    },
  );
}

/** Somebody else is removing it: what comes after (its networks) must still find it gone. */
async function gone(client: Client, id: string, abortSignal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await client.docker.getContainer(id).inspect({ abortSignal });
    } catch (error) {
      if (isRefusal(error, 404)) return;
      throw error;
    }
    await pause(PAUSE_MS);
  }
}
