import type { HeldSession } from './held-session.ts';
import { disconnect } from './move-session.ts';
import { saveLastWork } from './save-work.ts';
import type { SessionDeps } from './session-deps.ts';

/** How long work under way may take to end, milliseconds; the next runner takes up what did not. */
const PATIENCE_MS = 20_000;

/** Lets what is under way end, saves all work and lets go of the launches, which go on by themselves. */
export async function drainSessions(deps: SessionDeps, sessions: readonly HeldSession[]): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, PATIENCE_MS);
  const settled = Promise.all(sessions.map(async (held) => [await held.opening, await held.busy]));
  await Promise.race([settled, late]);
  clearTimeout(timer);
  await Promise.all(
    sessions.map(async (held) => {
      await saveLastWork(deps, held);
      held.launch = null;
      disconnect(held);
    }),
  );
}
