import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { type RunningDrydock, startDrydock } from './support/drydock.ts';
import { labPage } from './support/lab-page.ts';
import { untilText } from './support/until-text.ts';

const LAB = join(import.meta.dirname, '../../scenarios/access-control');
const BREAK = 'Become an administrator';
const FIX = 'Accept only what accounts signed';
const OPENED_WITHIN_MS = 60_000;
const CHECKED_WITHIN_MS = 60_000;

let drydock: RunningDrydock;
let browser: Browser;
let page: Page;
let lab: ReturnType<typeof labPage>;
/** What the browser complained about; a page that is right complains about nothing. */
const complaints: string[] = [];
/** Chromium's word for a request it dropped because an interface of the machine came or went; the page asks again. */
const NETWORK_CHANGED = 'Failed to load resource: net::ERR_NETWORK_CHANGED';

before(async () => {
  [drydock, browser] = await Promise.all([startDrydock(), openBrowser()]);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && message.text() !== NETWORK_CHANGED) complaints.push(message.text());
  });
  lab = labPage(page);
});

after(async () => {
  await browser?.close();
  await drydock?.[Symbol.asyncDispose]();
});

test('without signing in, the lab does not open and the page says how to', async () => {
  const stranger = await browser.newPage();
  await stranger.goto(`${drydock.origin}/lab/access-control/`);
  await untilText(labPage(stranger).connection, /Signed out/);
  await stranger.close();
});

test('the sign-in link leads to the course, the lesson to the lab, and the lab opens', async (t) => {
  await page.goto(drydock.signInUrl());
  assert.equal(page.url(), `${drydock.origin}/`);
  await page.getByRole('link', { name: 'Start with access control' }).click();
  const began = performance.now();
  await page.getByRole('link', { name: 'Start the lab' }).click();
  await page.waitForURL('**/lab/access-control/');
  await untilText(lab.connection, /Connected/, OPENED_WITHIN_MS);
  t.diagnostic(`from the click to the open lab: ${((performance.now() - began) / 1000).toFixed(1)} s`);
});

test('a token forged in the terminal reads the admin page, and its flag is accepted', async () => {
  await lab.readAloud();
  await lab.type(
    `FORGED="$(printf '{"alg":"none"}' | b64url).$(printf '{"sub":"me","role":"admin"}' | b64url)."; echo "$FORGED"`,
  );
  await untilText(lab.screen, /^eyJ\S+\.$/m);
  await lab.type('curl -s http://gateway:8080/api/admin -H "authorization: Bearer $FORGED" | grep -o "flag{[^}]*}"');
  const [flag = ''] = await untilText(lab.screen, /flag\{[\w-]{8,}\}/);
  const form = lab.task(BREAK);

  await form.getByLabel(`Flag for ${BREAK}`).fill('flag{0000000000000000}');
  await form.getByRole('button', { name: 'Hand in' }).click();
  await form.locator('p.refused', { hasText: /\S/ }).waitFor();

  await form.getByLabel(`Flag for ${BREAK}`).fill(flag);
  await form.getByRole('button', { name: 'Hand in' }).click();
  await untilText(form, /Passed/);
});

test('the shipped gateway is not yet right, and the evidence shows the request that got in', async (t) => {
  t.diagnostic(await checkTakes());
  const verdict = lab.verdict(FIX);
  await untilText(verdict, /Not yet/, CHECKED_WITHIN_MS);
  const text = await verdict.innerText();
  assert.match(text, /GET \/api\/admin|authorization: Bearer/i, text);
  assert.match(text, /attack succeeds/, text);
  assert.match(text, /still works/, text);
  assert.match(text, /See it yourself/, text);
});

/** The README's picture is taken here, so that it never shows what is not so: DRYDOCK_SCREENSHOT=site/public/screenshot.png. */
test('everything of the lab is on one page', async () => {
  await lab.open('gateway/verify.ts');
  for (const part of [lab.editor('gateway/verify.ts'), lab.screen, lab.verdict(FIX), lab.task(BREAK)]) {
    await part.first().waitFor({ state: 'visible' });
  }
  const path = process.env.DRYDOCK_SCREENSHOT;
  if (path) await page.screenshot({ path });
});

test('the replay of the evidence, copied into the terminal, gets in there too', async () => {
  await lab.clear();
  await lab
    .verdict(FIX)
    .getByRole('button', { name: `Copy the replay of ${FIX}` })
    .click();
  await lab.type(String(await page.evaluate('navigator.clipboard.readText()')));
  await untilText(lab.screen, /HTTP\/1\.1 200|flag\{/);
});

test('an edit is saved, applied to the gateway alone, and then the check passes', async (t) => {
  await lab.edit('gateway/verify.ts', await readFile(join(LAB, 'solution/verify-signature/gateway/verify.ts'), 'utf8'));
  const began = performance.now();
  await lab.press('Apply');
  await untilText(lab.said, /Applied in .* gateway replaced/, OPENED_WITHIN_MS);
  t.diagnostic(`apply: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  t.diagnostic(await checkTakes());
  await untilText(lab.verdict(FIX), /Passed/, CHECKED_WITHIN_MS);
  assert.doesNotMatch(await lab.verdict(FIX).innerText(), /attack succeeds|no longer works/);
});

test('the forged token no longer gets in', async () => {
  await lab.clear();
  await lab.type(
    'curl -s -o /dev/null -w "answer %{http_code}\\n" http://gateway:8080/api/admin -H "authorization: Bearer $FORGED"',
  );
  await untilText(lab.screen, /answer 401/);
});

test('the browser complained about nothing', () => assert.deepEqual(complaints, []));

test('Ctrl-C in the terminal of the runner ends it, with exit code 0', async () => {
  assert.equal(await drydock.stop(), 0);
});

/** Presses Check and waits for the end; what it took, for the report. */
async function checkTakes(): Promise<string> {
  const began = performance.now();
  await lab.press('Check');
  await untilText(lab.said, /Checked in/, CHECKED_WITHIN_MS);
  return `check: ${((performance.now() - began) / 1000).toFixed(1)} s`;
}
