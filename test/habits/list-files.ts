import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders that tools write: nobody's source. */
const NOT_OURS = new Set(['node_modules', '.git', '.astro', 'dist', 'test-results']);

/** Every source file below a folder, as `/`-separated paths relative to it. Works without git, as in an archive. */
export function listFiles(root: string, below = ''): string[] {
  return readdirSync(join(root, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : listFiles(root, path);
    return entry.isFile() ? [path] : [];
  });
}
