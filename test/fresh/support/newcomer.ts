import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { openBrowser } from '../../e2e/support/browser.ts';
import { labPage } from '../../e2e/support/lab-page.ts';
import { untilText } from '../../e2e/support/until-text.ts';
import type { FreshMachine } from './fresh-machine.ts';

/** Starts the course in the background and waits until it answers. */
const START = `
cd ~/drydock
began=$(date +%s%N)
setsid npm start -- --no-open > ~/start.log 2>&1 < /dev/null & echo $! > ~/start.pid
until grep -q 'sign-in' ~/start.log; do
  kill -0 $(cat ~/start.pid) 2>/dev/null || { cat ~/start.log; exit 1; }
  sleep 0.05
done
ended=$(date +%s%N)
cat ~/start.log
./drydock exec node -e "fetch('http://127.0.0.1:4700/').then((answer) => console.log('ANSWER', answer.status));"
echo "SECONDS $(( (ended - began) / 1000000 ))e-3"
`;

export interface Started {
  readonly seconds: number;
  readonly output: string;
  readonly link: string;
}

export async function startCourse(machine: FreshMachine): Promise<Started> {
  const { code, output } = await machine.run(START);
  assert.equal(code, 0, output);
  const link = /http:\S+\/sign-in\S+/.exec(output)?.[0] ?? '';
  assert.match(output, /^ANSWER 200$/m, output);
  return { seconds: Number(/^SECONDS (\S+)$/m.exec(output)?.[1]), output, link };
}

/** The course listens on the machine's loopback address alone; this carries a browser outside to it. */
const CARRY = `setsid node -e "
  const net = require('net');
  net.createServer((from) => {
    const to = net.connect(4700, '127.0.0.1');
    from.pipe(to).pipe(from);
    for (const end of [from, to]) end.on('error', () => { from.destroy(); to.destroy(); });
  }).listen(4701);" > /dev/null 2>&1 < /dev/null & sleep 1`;

/** A new machine with a clone of the checkout. */
export async function cloneCourse(machine: FreshMachine): Promise<void> {
  const cloned = await machine.run(
    'git config --global --add safe.directory "*" && git clone --depth 1 file:///origin drydock',
  );
  assert.equal(cloned.code, 0, cloned.output);
  await machine.run(CARRY);
}

/**
 * From the sign-in link to an open lab with a shell, as a newcomer clicks: how many seconds that took. `then` goes on
 * in the page.
 */
export async function usingLab(
  machine: FreshMachine,
  link: string,
  then: (page: Page) => Promise<void> = async () => {},
): Promise<{ readonly seconds: number }> {
  const browser = await openBrowser([`--host-resolver-rules=MAP localhost ${machine.address}:4701`]);
  try {
    const began = performance.now();
    const page = await browser.newPage();
    await page.goto(link.replace('127.0.0.1', 'localhost'));
    await page.getByRole('link', { name: 'Start with access control' }).click();
    await page.getByRole('link', { name: 'Start the lab' }).click();
    const lab = labPage(page);
    await untilText(lab.connection, /Connected/, 60_000);
    await lab.readAloud();
    await untilText(lab.screen, /workbench \S+ \$/);
    const seconds = (performance.now() - began) / 1000;
    await then(page);
    return { seconds };
  } finally {
    await browser.close();
  }
}
