import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../../..');
const DIST = join(ROOT, 'site/dist');
const TEXT = /\.(html|js|css|svg|json|txt|xml)$/;

export interface Page {
  /** As in an address: `/access-control/`. */
  readonly path: string;
  readonly html: string;
}

/** Every text file that is served: path in site/dist → content. */
export function servedTexts(): ReadonlyMap<string, string> {
  const files = globSync('**/*', { cwd: DIST, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).filter((path) => TEXT.test(path));
  return new Map(paths.map((path) => [path.slice(DIST.length), readFileSync(path, 'utf8')]));
}

export function builtPages(texts: ReadonlyMap<string, string>): Page[] {
  return [...texts]
    .filter(([path]) => path.endsWith('.html'))
    .map(([path, html]) => ({ path: path.replace(/index\.html$/, ''), html }));
}
