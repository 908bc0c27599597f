import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { semaphore } from '../../../runner/core/flow/semaphore.ts';

test('P1 no more than the limit run at once, all run, in the order they came', async () => {
  const inTurn = semaphore(3);
  let running = 0;
  let most = 0;
  const began: number[] = [];
  const task = (index: number) => async () => {
    began.push(index);
    most = Math.max(most, ++running);
    await turn();
    running--;
    if (index % 4 === 0) throw new Error('a failure must give its place back');
  };
  await Promise.allSettled(Array.from({ length: 20 }, (_, index) => inTurn(task(index))));
  assert.equal(most, 3);
  assert.deepEqual(
    began,
    Array.from({ length: 20 }, (_, index) => index),
  );
});
