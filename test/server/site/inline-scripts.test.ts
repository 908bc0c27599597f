import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { inlineScriptHashes } from '../../../runner/server/site/inline-scripts.ts';

const hash = (code: string) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`;

test('code in the page is hashed as the browser sees it, once', () => {
  const html = '<script>a()</script><SCRIPT type="module">\r\n b()\r\n</SCRIPT ><script>a()</script>';
  assert.deepEqual(inlineScriptHashes(html), [hash('a()'), hash('\n b()\n')]);
});

test('files and data blocks need no hash, an import map does', () => {
  const html =
    '<script src="/x.js"></script><script type="application/ld+json">{}</script><script type="application/json">{}</script>' +
    '<script type="importmap">{}</script>';
  assert.deepEqual(inlineScriptHashes(html), [hash('{}')]);
});
