import { DrydockError, type SessionState } from '#contract';
import type { SessionChange } from '../core/ports/store.ts';
import { canMove } from '../core/session/session-states.ts';
import type { HeldSession } from './held-session.ts';
import type { SessionDeps } from './session-deps.ts';

type Recording = Pick<SessionDeps, 'store' | 'warn'>;

/**
 * Moves a session on and writes it down. What cannot be written is told to the operator and does not stop the move:
 * a lab that cannot be recorded as stopped is stopped all the same, and the engine's labels find what is left.
 */
export async function moveSession(
  deps: Recording,
  held: HeldSession,
  state: SessionState,
  change: SessionChange = {},
): Promise<void> {
  if (!canMove(held.state, state)) throw new Error(`a session cannot go from ${held.state} to ${state}`);
  held.state = state;
  await record(deps, held, { state, ...change });
}

/** The session is over for `error`; nobody holds its launch any more, so what is left of it is reaped. */
export async function failSession(deps: Recording, held: HeldSession, error: unknown): Promise<void> {
  const known = error instanceof DrydockError ? error : new DrydockError('internal', String(error), { cause: error });
  disconnect(held);
  held.launch = null;
  held.problem = known.toProblem();
  await moveSession(deps, held, 'failed', { problem: held.problem });
}

/** Closes what leads into a launch that ends. */
export function disconnect(held: HeldSession): void {
  for (const ended of held.ended) ended();
  held.ended.clear();
  held.saveSoon = () => {};
  held.pipe?.close();
  held.pipe = null;
  held.troubles = [];
}

export async function record(deps: Recording, held: HeldSession, change: SessionChange): Promise<void> {
  await deps.store
    .changeSession(held.id, change)
    .catch((error) => deps.warn(`session ${held.id} was not recorded`, error));
}
