import { setTimeout as pause } from 'node:timers/promises';
import { signature } from './workspace.ts';

const EVERY_MS = 2000;

/**
 * Calls back when the workspace is not as it was, at most every two seconds. It looks instead of being told: the
 * kernel's watches are counted per uid over all containers of a machine, and every learner has the same uid.
 */
export async function watchWorkspace(root: string, changed: () => void): Promise<never> {
  let last = await look(root);
  for (;;) {
    await pause(EVERY_MS);
    const now = await look(root);
    if (now !== null && now !== last) {
      last = now;
      changed();
    }
  }
}

/** null while it cannot be read: a folder that vanishes under the look is looked at again the next time. */
const look = (root: string) => signature(root).catch(() => null);
