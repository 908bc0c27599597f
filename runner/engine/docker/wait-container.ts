import { setTimeout as pause } from 'node:timers/promises';
import { refused } from '../refused.ts';
import type { Client } from './client.ts';
import { dial } from './dial.ts';
import { inspectRaw } from './inspect-container.ts';

const LOOK_AGAIN_MS = 1_000;

/**
 * Exit code, once it stops; there is no deadline. A container that was created and not yet started is waited for as
 * well: "not running" would be true of it at once.
 */
export async function waitContainer(client: Client, id: string): Promise<number> {
  const info = await inspectRaw(client, id);
  if (!info) throw refused(`wait for the container ${id}`, 'no such container');
  if (info.State.Status !== 'created') return wait(client, id, 'not-running');
  const done = new AbortController();
  try {
    return await Promise.race([wait(client, id, 'next-exit', done.signal), endedMeanwhile(client, id, done.signal)]);
  } finally {
    done.abort();
  }
}

async function wait(client: Client, id: string, condition: string, done?: AbortSignal): Promise<number> {
  const deadline = Number.POSITIVE_INFINITY;
  return client.call(`wait for the container ${id}`, { deadline, idempotent: true }, async (signal) => {
    const answer = await dial<{ StatusCode: number }>(client.docker, {
      method: 'POST',
      path: `/containers/${id}/wait?condition=${condition}&`,
      signal: done ? AbortSignal.any([signal, done]) : signal,
    });
    return answer.StatusCode;
  });
}

/** It may have started and ended before the engine heard of our waiting; "next exit" then never comes. */
async function endedMeanwhile(client: Client, id: string, done: AbortSignal): Promise<number> {
  for (;;) {
    await pause(LOOK_AGAIN_MS, undefined, { signal: done });
    const state = (await inspectRaw(client, id))?.State;
    if (!state) throw refused(`wait for the container ${id}`, 'it was removed meanwhile');
    if (state.Status === 'exited' || state.Status === 'dead') return state.ExitCode;
  }
}
