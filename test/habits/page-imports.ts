import { posix } from 'node:path';

const PAGE = /^site\/.*\.(astro|mdx)$/;
const IMPORT = /(?:from|import)\s*\(?\s*['"]([.#][^'"]*)['"]/g;

/** Finds what pages import besides #contract and the site itself; dependency-cruiser does not read pages. */
export function pageImports(path: string, text: string): string[] {
  if (!PAGE.test(path)) return [];
  const targets = [...text.matchAll(IMPORT)].map(([, target]) => target ?? '');
  return targets
    .filter((target) => target !== '#contract' && !inSite(path, target))
    .map(
      (target) => `${path} imports ${target}. Use #contract or files of the site: answers must not reach the browser.`,
    );
}

function inSite(page: string, target: string): boolean {
  return target.startsWith('.') && posix.join(posix.dirname(page), target).startsWith('site/');
}
