import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser } from '../e2e/support/browser.ts';
import { type RunningDrydock, startDrydock } from '../e2e/support/drydock.ts';
import { labPage } from '../e2e/support/lab-page.ts';
import { type Network, network } from '../e2e/support/network.ts';
import { untilText } from '../e2e/support/until-text.ts';
import { flaw, miscount, received } from './support/received.ts';

const AWAY_MS = Number(process.env.DRYDOCK_AWAY_MS ?? 60_000);
const WITHIN_MS = 60_000;
const FILE = 'gateway/verify.ts';

let drydock: RunningDrydock;
let browser: Browser;
let way: Network;
let context: BrowserContext;
let page: Page;

before(async () => {
  drydock = await startDrydock();
  way = await network(drydock.origin);
  browser = await openBrowser([way.browserSwitch]);
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  await page.goto(drydock.signInUrl());
});

after(async () => {
  await browser?.close();
  await way?.[Symbol.asyncDispose]();
  await drydock?.[Symbol.asyncDispose]();
});

async function openLab(): Promise<void> {
  await page.goto(`${drydock.origin}/lab/access-control/`);
  await untilText(labPage(page).connection, /Connected/, WITHIN_MS);
  await labPage(page).readAloud();
}

async function shellPid(): Promise<string> {
  await labPage(page).clear();
  await labPage(page).type('echo "pid $$"');
  const [, pid] = await untilText(labPage(page).screen, /^pid (\d+)$/m);
  return pid ?? assert.fail();
}

test(`L6 the network is cut for ${AWAY_MS / 1000} s during \`seq 1 100000\`: every byte once, or as many as were said to be skipped`, async (t) => {
  const heard = received(page);
  await page.goto(`${drydock.origin}/lab/access-control/`);
  await heard.line(/~\/ferry/, WITHIN_MS);
  const type = async (line: string) => {
    await page.getByRole('region', { name: 'Terminal: workbench' }).getByRole('textbox').focus();
    await page.keyboard.type(`${line}\n`);
  };
  await type('echo "pid "$$');
  const [, pid] = await heard.line(/[\r\n]pid (\d+)\r/, WITHIN_MS);
  await type('seq 1 100000; echo "it is"" over"');
  await heard.line(/\n1000\r/, WITHIN_MS);
  await way.cutFor(AWAY_MS);
  await heard.line(/[\r\n]it is over\r/, WITHIN_MS);
  await type('echo "still "$$');
  assert.equal((await heard.line(/[\r\n]still (\d+)\r/, WITHIN_MS))[1], pid, 'the same shell');

  const stretches = heard.stretches();
  t.diagnostic(
    `${heard.sockets()} sockets; ${stretches.map(({ bytes, skipped }) => `${bytes.length} bytes after ${skipped} skipped`).join(', ')}`,
  );
  assert.ok(heard.sockets() > 1, 'it was cut');
  assert.equal(flaw(stretches), null);
  assert.equal(miscount(stretches), null);
  const [first, second] = stretches;
  assert.ok(first && second);
  // Controls: a byte that is lost, or comes twice, without a word is found out.
  assert.match(flaw([first, { ...second, from: second.from + 1 }]) ?? '', /were said to be skipped/);
  assert.match(flaw([first, { ...second, from: second.from - 1 }]) ?? '', /were said to be skipped/);
  assert.match(miscount([{ ...first, bytes: Buffer.from('x\r\n1\r\n2\r\n4\r\n5\r\n') }]) ?? '', /after 2 came 4/);
});

test(`the tab is closed for ${AWAY_MS / 1000} s: the same shell, what it printed meanwhile, and the edit that was not saved`, async () => {
  await openLab();
  const pid = await shellPid();
  await labPage(page).open(FILE);
  await labPage(page).editor(FILE).click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.insertText('// not saved yet\n');
  await labPage(page).type('clear; sleep 5; echo "printed to nobody"');
  await page.close({ runBeforeUnload: false });
  await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
  page = await context.newPage();
  await page.goto(`${drydock.origin}/lab/access-control/`);
  await untilText(labPage(page).connection, /Connected/, WITHIN_MS);
  await untilText(labPage(page).screen, /^printed to nobody$/m, WITHIN_MS);
  assert.equal(await shellPid(), pid);
  await labPage(page).open(FILE);
  await untilText(labPage(page).editor(FILE), /^\/\/ not saved yet/);
});
