import assert from 'node:assert/strict';
import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../../support/need-chromium.ts';

/** Root may not use Chromium's own sandbox; nothing but our own pages is opened. The rest keeps it from phoning home. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** `also`: further switches of Chromium. */
export async function openBrowser(also: readonly string[] = []): Promise<Browser> {
  const executablePath = await findChromium(process.env);
  assert.ok(executablePath, 'The browser tests need Chromium. Install it (Debian: apt-get install chromium).');
  return chromium.launch({ executablePath, args: [...ARGS, ...also] });
}
