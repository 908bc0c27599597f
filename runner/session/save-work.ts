import type { SnapshotKind } from '../core/ports/store.ts';
import type { Files } from '../library/lab.ts';
import type { HeldSession } from './held-session.ts';
import type { SessionDeps } from './session-deps.ts';

/** How long after a change the workspace is saved, milliseconds. With the agent's 2 s it stays well below 30 s. */
export const SAVE_AFTER_MS = 5_000;

type Saving = Pick<SessionDeps, 'store' | 'clock' | 'warn'>;

/** Saves the workspace a while after each change, once for many; tries again when it could not. */
export function workSaver(deps: Saving, held: HeldSession): () => void {
  let waiting = false;

  async function save() {
    waiting = false;
    try {
      await saveWork(deps, held);
    } catch (error) {
      deps.warn(`the workspace of session ${held.id} was not saved`, error);
      if (held.pipe) saveSoon();
    }
  }

  function saveSoon() {
    if (waiting) return;
    waiting = true;
    setTimeout(save, SAVE_AFTER_MS).unref();
  }

  return saveSoon;
}

/** How long a workbench that is to end may take to hand out its files; milliseconds. */
const LAST_SAVE_MS = 3_000;

/**
 * Saves the workspace of a workbench that is about to end. One that does not answer, because its learner keeps it from
 * it, must not keep a lab running: its work is as it was saved last, and the operator is told.
 */
export async function saveLastWork(deps: Saving, held: HeldSession): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`it did not answer within ${LAST_SAVE_MS / 1000} s`)),
    LAST_SAVE_MS,
  );
  await Promise.race([saveWork(deps, held), late.promise])
    .catch((error) => deps.warn(`the last work of session ${held.id} was not saved`, error))
    .finally(() => clearTimeout(timer));
}

/** Saves the workspace as it is now. Without a workbench there is nothing newer than what is saved. */
async function saveWork(deps: Saving, held: HeldSession): Promise<void> {
  if (held.pipe) await keep(deps, held, 'latest', await held.pipe.snapshot());
}

export async function keep(deps: Saving, held: HeldSession, kind: SnapshotKind, files: Files): Promise<void> {
  await deps.store.saveSnapshot(held.id, kind, { at: deps.clock(), files });
}

/** The files a session starts with: the learner's own where there are any, and what of them was last deployed. */
export async function savedWork(
  deps: Pick<SessionDeps, 'store'>,
  held: HeldSession,
): Promise<Record<SnapshotKind, Files>> {
  const [latest, applied] = await Promise.all([
    deps.store.snapshot(held.id, 'latest'),
    deps.store.snapshot(held.id, 'applied'),
  ]);
  return {
    latest: buffers(latest?.files) ?? held.lab.workspace,
    applied: buffers(applied?.files) ?? held.lab.workspace,
  };
}

function buffers(files: ReadonlyMap<string, Uint8Array> | undefined): Files | null {
  return files ? new Map([...files].map(([path, bytes]) => [path, Buffer.from(bytes)])) : null;
}
