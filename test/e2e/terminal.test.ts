import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { type RunningDrydock, startDrydock } from './support/drydock.ts';
import { labPage } from './support/lab-page.ts';
import { type Network, network } from './support/network.ts';
import { terminals } from './support/terminals.ts';
import { untilText } from './support/until-text.ts';

const OPENED_WITHIN_MS = 60_000;
const CUT_MS = 3000;
/** All that was on its way is drawn first, and drawing for a screen reader is slow. */
const ACTS_WITHIN_MS = 3000;

let drydock: RunningDrydock;
let browser: Browser;
let way: Network;
let context: BrowserContext;
let page: Page;
const address = () => `${drydock.origin}/lab/access-control/`;

before(async () => {
  drydock = await startDrydock();
  way = await network(drydock.origin);
  browser = await openBrowser([way.browserSwitch]);
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  await page.goto(drydock.signInUrl());
  await page.goto(address());
  await untilText(labPage(page).connection, /Connected/, OPENED_WITHIN_MS);
  await labPage(page).readAloud();
});

after(async () => {
  await browser?.close();
  await way?.[Symbol.asyncDispose]();
  await drydock?.[Symbol.asyncDispose]();
});

/** The number the shell gives itself. */
async function shellPid(): Promise<string> {
  await labPage(page).clear();
  await labPage(page).type('echo "pid $$"');
  const [, pid] = await untilText(labPage(page).screen, /^pid (\d+)$/m);
  return pid ?? assert.fail();
}

/** Prints 001; to 200; in about five seconds; all of it fits on one screen. */
const COUNT = 'clear; for i in $(seq -f %03g 1 200); do printf "$i;"; sleep 0.025; done; echo; echo over';
const counted = Array.from({ length: 200 }, (_, at) => `${at + 1};`.padStart(4, '0')).join('');

/** What the screen shows of COUNT: its rows, one behind the other. */
async function shownCount(): Promise<string> {
  const { screen } = labPage(page);
  await untilText(screen, /^over$/m);
  return (await screen.innerText()).replaceAll('\n', '').replace(/over.*$/, '');
}

test('L6 a reload in the middle of output: the same shell, nothing twice, nothing lost', async () => {
  const pid = await shellPid();
  await labPage(page).type(COUNT);
  await untilText(labPage(page).screen, /050;/);
  await page.reload();
  await untilText(labPage(page).screen, /0[0-9]{2};/);
  assert.equal(await shownCount(), counted);
  assert.equal(await shellPid(), pid);
});

test('L6 the network taken away for some seconds during output: nothing twice, nothing lost', async () => {
  await labPage(page).clear();
  await labPage(page).type(COUNT);
  await untilText(labPage(page).screen, /050;/);
  const cut = way.cutFor(CUT_MS);
  await page
    .getByRole('region', { name: 'Terminal: workbench' })
    .getByText(/^reconnecting/)
    .waitFor();
  await cut;
  assert.equal(await shownCount(), counted);
});

test('L6 control: the same comparison sees one number that is missing', async () => {
  await labPage(page).clear();
  await labPage(page).type(COUNT.replace('printf "$i;"; sleep 0.025', '[ $i = 123 ] || printf "$i;"'));
  assert.equal(await shownCount(), counted.replace('123;', ''));
});

test('the window closed for some seconds and opened again: the same shells, the edit that was not saved', async () => {
  const pid = await shellPid();
  await terminals(page).open('gateway');
  await terminals(page).typeRaw('MARK=kept; echo "mark $MARK"\n');
  await untilText(terminals(page).screen('gateway'), /^mark kept$/m);
  await labPage(page).open('gateway/verify.ts');
  await labPage(page).editor('gateway/verify.ts').click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.insertText('// not saved yet\n');

  await page.close({ runBeforeUnload: false });
  await new Promise((resolve) => setTimeout(resolve, 3000));
  page = await context.newPage();
  await page.goto(address());
  await untilText(terminals(page).screen('gateway'), /^mark kept$/m, OPENED_WITHIN_MS);
  await terminals(page).show('gateway');
  await terminals(page).typeRaw('echo "still $MARK"\n');
  await untilText(terminals(page).screen('gateway'), /^still kept$/m);
  await terminals(page).show('workbench');
  assert.equal(await shellPid(), pid);
  await labPage(page).open('gateway/verify.ts');
  await untilText(labPage(page).editor('gateway/verify.ts'), /^\/\/ not saved yet/);
});

test('a terminal in the gateway is in the gateway; two terminals go on beside each other', async () => {
  await terminals(page).show('gateway');
  await terminals(page).typeRaw(
    'clear; id -u; i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo "g$i."; sleep 0.1; done\n',
  );
  await untilText(terminals(page).screen('gateway'), /^10001$/m);
  await terminals(page).show('workbench');
  await labPage(page).clear();
  await labPage(page).type('echo "beside $((40 + 2))"');
  await untilText(labPage(page).screen, /^beside 42$/m);
  await terminals(page).show('gateway');
  await untilText(terminals(page).screen('gateway'), /^g30\.$/m);
});

test('closing a tab ends its shell, and its neighbour is shown', async () => {
  await terminals(page).open('workbench');
  await terminals(page).typeRaw('sleep 4646 &\n');
  await untilText(terminals(page).screen('workbench 2'), /\[1\] \d+/);
  await page.getByRole('tab', { name: /^workbench 2/ }).focus();
  await page.keyboard.press('Delete');
  await page.getByRole('tab', { name: /^workbench 2/ }).waitFor({ state: 'detached' });
  await terminals(page).show('workbench');
  await labPage(page).clear();
  await labPage(page).type('sleep 1; pgrep -c sleep; pgrep -f "sleep 4646" || echo "none left"');
  await untilText(labPage(page).screen, /^none left$/m);
});

test('P3 Ctrl-C during `yes` acts at once', async (t) => {
  await labPage(page).clear();
  await labPage(page).type('yes');
  await untilText(labPage(page).screen, /(y\s+){10}/);
  await page.waitForTimeout(1000);
  const began = performance.now();
  await page.keyboard.press('Control+C');
  await untilText(labPage(page).screen, /\^C/, ACTS_WITHIN_MS);
  t.diagnostic(`${Math.round(performance.now() - began)} ms until the screen showed that it had acted`);
  await untilText(labPage(page).screen, /workbench \S+ \$\s*$/);
});
