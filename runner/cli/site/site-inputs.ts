import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the site is made of. Labs count whole: their public part is not told apart here. */
const INPUTS = [
  'site',
  'scenarios',
  'runner/contract',
  'runner/library',
  'runner/core/source',
  'runner/core/plan',
  'package-lock.json',
  'package.json',
];
const LEFT_OUT = new Set(['dist', '.astro', 'node_modules', '.DS_Store']);

/** One hash over every input's path and bytes. About 20 ms. */
export async function siteHash(root: string): Promise<string> {
  const hash = createHash('sha256');
  for (const input of INPUTS) {
    for (const path of await filesBelow(root, input)) {
      const bytes = await readFile(join(root, path));
      hash.update(`${path} ${bytes.length}\n`).update(bytes);
    }
  }
  return hash.digest('hex');
}

async function filesBelow(root: string, path: string): Promise<string[]> {
  const stat = await lstat(join(root, path)).catch(() => null);
  if (stat?.isFile()) return [path];
  if (!stat?.isDirectory()) return [];
  const names = (await readdir(join(root, path))).filter((name) => !LEFT_OUT.has(name)).sort();
  return (await Promise.all(names.map((name) => filesBelow(root, `${path}/${name}`)))).flat();
}
