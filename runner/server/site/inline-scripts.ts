import { createHash } from 'node:crypto';

const SCRIPT = /<script\b([^>]*)>([\s\S]*?)<\/script\s*>/gi;
const DATA = /\btype\s*=\s*["']?(application\/(ld\+)?json|text\/plain)\b/i;

/** CSP sources (`'sha256-…'`) of every script a page carries in itself; data blocks need none. */
export function inlineScriptHashes(html: string): string[] {
  const hashes = new Set<string>();
  for (const [, attributes = '', code = ''] of html.matchAll(SCRIPT)) {
    if (/\bsrc\s*=/i.test(attributes) || DATA.test(attributes) || code === '') continue;
    // A browser hashes what it parsed, in which every line break is a line feed.
    const parsed = code.replace(/\r\n?/g, '\n');
    hashes.add(`'sha256-${createHash('sha256').update(parsed, 'utf8').digest('base64')}'`);
  }
  return [...hashes];
}
