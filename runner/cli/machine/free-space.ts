import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

export const GIB = 1024 ** 3;

/** Bytes free for this user where `path` is or will be. */
export async function freeSpace(path: string): Promise<number> {
  for (let folder = path; ; folder = dirname(folder)) {
    try {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    } catch (error) {
      if (dirname(folder) === folder) throw error;
    }
  }
}

export const inGib = (bytes: number) => `${(bytes / GIB).toFixed(1)} GB`;
