import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';

/** True when a folder can be written to, or made where the nearest one that is there can. Makes nothing. */
export async function mayWrite(folder: string): Promise<boolean> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      await access(path, constants.W_OK | constants.X_OK);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) return false;
    }
  }
}
