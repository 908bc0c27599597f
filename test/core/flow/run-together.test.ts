import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runTogether } from '../../../runner/core/flow/run-together.ts';

test('results come in the order of the tasks, not in that of their ends', async () => {
  const tasks = [30, 10, 20].map((milliseconds) => () => sleep(milliseconds, milliseconds));
  assert.deepEqual(await runTogether(tasks), [30, 10, 20]);
  assert.deepEqual(await runTogether([]), []);
});

test('the tasks run side by side', async () => {
  const meet = Promise.withResolvers<void>();
  await runTogether([() => meet.promise, async () => meet.resolve()]);
});

test('L2 the first failure is thrown only after every task has ended', async () => {
  const ended: string[] = [];
  const slow = async () => {
    await sleep(30);
    ended.push('slow');
  };
  const failing = async (message: string, after: number) => {
    await sleep(after);
    ended.push(message);
    throw new Error(message);
  };
  await assert.rejects(runTogether([() => failing('second', 15), slow, () => failing('first', 5)]), /first/);
  assert.deepEqual(ended, ['first', 'second', 'slow']);
  // Control: what is usually used for this ends while the others still make things.
  ended.length = 0;
  await assert.rejects(Promise.all([slow(), failing('first', 5)]), /first/);
  assert.deepEqual(ended, ['first']);
});

test('L2 after a failure no task begins another step', async () => {
  const steps: number[] = [];
  await assert.rejects(
    runTogether<void>([
      async (proceed) => {
        for (let step = 0; step < 10; step++) {
          proceed();
          steps.push(step);
          await sleep(10);
        }
      },
      async () => {
        await sleep(25);
        throw new Error('no room');
      },
    ]),
    /no room/,
  );
  assert.ok(steps.length >= 1 && steps.length <= 5, `${steps.length} steps`);
});

test('a failure that is not an error, even undefined, is still one', async () => {
  await assert.rejects(runTogether([() => Promise.reject(undefined)]), (thrown) => thrown === undefined);
});
