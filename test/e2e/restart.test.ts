import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { type RunningDrydock, startDrydock } from './support/drydock.ts';
import { labPage } from './support/lab-page.ts';
import { untilText } from './support/until-text.ts';

const WITHIN_MS = 60_000;
const FILE = 'gateway/verify.ts';

let drydock: RunningDrydock;
let browser: Browser;
let page: Page;

before(async () => {
  [drydock, browser] = await Promise.all([startDrydock(), openBrowser()]);
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(drydock.signInUrl());
  await page.goto(`${drydock.origin}/lab/access-control/`);
  await untilText(labPage(page).connection, /Connected/, WITHIN_MS);
  await labPage(page).readAloud();
});

after(async () => {
  await browser?.close();
  await drydock?.[Symbol.asyncDispose]();
});

/** Prints numbers to 400 in about ten seconds, then how many there were. */
const COUNT = 'clear; for i in $(seq 1 400); do echo $i; sleep 0.025; done | tee /tmp/count; wc -l < /tmp/count';

for (const [how, end] of [
  ['killed', () => drydock.kill()],
  ['stopped with Ctrl-C', () => drydock.stop()],
] as const) {
  test(`L1 the runner is ${how} during output and started again: the open page goes on by itself`, async (t) => {
    const lab = labPage(page);
    await lab.clear();
    await lab.type('MARK=$$; echo "pid $MARK"');
    const [, pid] = await untilText(lab.screen, /^pid (\d+)$/m);
    await lab.open(FILE);
    await lab.editor(FILE).click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.insertText(`// ${how} before this was saved\n`);
    await lab.type(COUNT);
    await untilText(lab.screen, /^\d\d+$/m);

    await end();
    await untilText(lab.connection, /Reconnecting/, WITHIN_MS);
    const began = performance.now();
    await drydock.startAgain();
    await untilText(lab.connection, /Connected/, WITHIN_MS);
    t.diagnostic(`from the command to the page: ${((performance.now() - began) / 1000).toFixed(1)} s`);

    // The loop went on meanwhile; its last lines are there, each once.
    const shown = await untilText(lab.screen, /^399\s+400\s+400\s+workbench \S+ \$/m, WITHIN_MS);
    assert.ok(shown);
    const numbers = (await lab.screen.innerText()).match(/^\d+$/gm)?.map(Number) ?? [];
    const counted = numbers.slice(0, -1);
    assert.deepEqual(
      counted,
      counted.map((_, at) => (counted[0] ?? 0) + at),
    );
    await lab.clear();
    await lab.type('echo "still $MARK $$"');
    await untilText(lab.screen, new RegExp(`^still ${pid} ${pid}$`, 'm'));
    await untilText(lab.editor(FILE), new RegExp(`^// ${how} before this was saved`));
    // Put back, so that the next round begins alike.
    await page.keyboard.press('Control+Home');
  });
}

test('what was saved before the runner was killed is what the next one deploys and checks', async () => {
  const lab = labPage(page);
  await lab.edit(FILE, 'export const broken = ;\n');
  await untilText(page.getByRole('button', { name: 'Apply' }), /Apply/);
  await drydock.kill();
  await drydock.startAgain();
  await untilText(lab.connection, /Connected/, WITHIN_MS);
  await untilText(lab.editor(FILE), /^export const broken = ;/);
  await lab.press('Stop the lab');
  await page.getByRole('dialog').getByRole('button', { name: 'Stop the lab' }).click();
  await untilText(lab.connection, /Stopped/, WITHIN_MS);
  await page.getByRole('button', { name: 'Open the lab again' }).click();
  await untilText(lab.connection, /Connected/, WITHIN_MS);
  await lab.open(FILE);
  await untilText(lab.editor(FILE), /^export const broken = ;/);
});
