import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { labPage } from '../e2e/support/lab-page.ts';
import { untilText } from '../e2e/support/until-text.ts';
import { type FreshMachine, freshMachine } from '../fresh/support/fresh-machine.ts';
import { cloneCourse, startCourse, usingLab } from '../fresh/support/newcomer.ts';
import { root, testContext, whyNoMachines } from '../fresh/support/test-context.ts';

const RECOVERS_WITHIN_MS = 30_000;

const context = await testContext();
const skip = (await whyNoMachines(context)) ?? false;
let machine: FreshMachine;

before(async () => {
  if (!skip) machine = await freshMachine(context, { engine: true, shown: { [root]: '/origin' } });
});
after(() => machine?.[Symbol.asyncDispose]());

/** Status of an address of the course, as the machine itself sees it. */
const status = (path: string) =>
  `cd ~/drydock && ./drydock exec node -e "fetch('http://127.0.0.1:4700${path}').then(async (a) => console.log(a.status, await a.text()))"`;

const STOP = 'pid=$(pgrep -x dockerd); kill $pid; while kill -0 $pid 2>/dev/null; do sleep 0.1; done';
const START =
  'setsid dockerd > ~/dockerd-again.log 2>&1 < /dev/null & until docker version > /dev/null 2>&1; do sleep 0.1; done';
const SERVER = `cd ~/drydock && cat ~/.drydock/server.json`;

test('L4 the engine is restarted under an open lab: the runner says so, stays, and the lab opens again with its files', {
  skip,
}, async (t) => {
  await cloneCourse(machine);
  const { link } = await startCourse(machine);
  const { output: before } = await machine.run(SERVER);
  await usingLab(machine, link, async (page) => {
    const lab = labPage(page);
    await lab.edit('gateway/verify.ts', '// written before the engine was restarted\n');
    await page.waitForTimeout(10_000);

    await machine.run(STOP);
    await page.waitForTimeout(2_000);
    const away = await machine.run(status('/readyz'));
    assert.match(away.output, /^503 .*engine/, away.output);

    const began = performance.now();
    await machine.run(START);
    const answered = performance.now();
    await page
      .getByRole('alert')
      .getByText('The containers of this lab are gone')
      .waitFor({ timeout: RECOVERS_WITHIN_MS });
    t.diagnostic(
      `engine answers after ${((answered - began) / 1000).toFixed(1)} s, the page says what happened ${((performance.now() - answered) / 1000).toFixed(1)} s later`,
    );
    await machine.run(`until ${status('/readyz')} | grep -q ^200; do sleep 0.5; done`);
    assert.ok(performance.now() - answered < RECOVERS_WITHIN_MS, 'ready again in time');
    await page.getByRole('button', { name: 'Open the lab again' }).click();
    await untilText(lab.connection, /Connected/, 60_000);
    await lab.open('gateway/verify.ts');
    await untilText(lab.editor('gateway/verify.ts'), /^\/\/ written before the engine was restarted/);
  });
  assert.equal((await machine.run(SERVER)).output, before, 'it is the same process');
});
