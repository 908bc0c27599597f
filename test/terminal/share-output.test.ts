import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { OUTPUT_CREDIT, outputCredit } from '../../runner/terminal/output-credit.ts';
import { type OutputPace, shareOutput } from '../../runner/terminal/share-output.ts';

const KIB = 1024;
const limits = { floods: 2, bytesPerSecond: 1000 * KIB };

/** More than the longest run that is no flood. */
const LONG = 40 * KIB;

/** Makes each a flood; those above the limit wait for their turn once. */
const flood = (paces: readonly OutputPace[]) => Promise.all(paces.map((pace) => pace.take(LONG)));

const free = (pace: OutputPace, bytes: number) => assert.equal(pace.take(bytes), undefined);

test('P3 as many floods as allowed go on unhindered, one more makes them all share', async () => {
  const share = shareOutput(limits);
  const [one, two, three] = [share.join(), share.join(), share.join()];
  for (let count = 0; count < 100; count++) free(one, 16 * KIB);
  for (let count = 0; count < 100; count++) free(two, 16 * KIB);
  for (const pace of [three, one, two]) assert.ok(pace.take(LONG));
});

test('P3 what many floods get together is what they are allowed', async () => {
  const share = shareOutput(limits);
  const members = Array.from({ length: 5 }, () => share.join());
  await flood(members);
  const began = performance.now();
  let bytes = 0;
  await Promise.all(
    members.map(async (pace) => {
      while (performance.now() - began < 500) {
        await pace.take(4 * KIB);
        bytes += 4 * KIB;
      }
    }),
  );
  const rate = bytes / ((performance.now() - began) / 1000);
  assert.ok(rate < 1.2 * limits.bytesPerSecond, `${rate}`);
  assert.ok(rate > 0.3 * limits.bytesPerSecond, `${rate}`);
});

/** Two floods and a line that the second keeps busy for hours. */
async function busyLine() {
  const share = shareOutput({ floods: 1, bytesPerSecond: 1 });
  const [one, two] = [share.join(), share.join()];
  await flood([one, two]);
  return { share, one, two };
}

const soon = (promise: Promise<void> | undefined) =>
  Promise.race([Promise.resolve(promise).then(() => 'went on'), pause(50).then(() => 'waits')]);

test('P3 beside floods that wait, little output does not, nor does the one that is typed into', async () => {
  const { share, one, two } = await busyLine();
  free(share.join(), 4 * KIB);
  const waiting = two.take(LONG);
  assert.equal(await soon(waiting), 'waits');
  two.typed();
  assert.equal(await soon(waiting), 'went on');
  free(two, 4 * KIB);
  one.leave();
});

test('a flood that leaves makes room for the others', async () => {
  const { one, two } = await busyLine();
  const waiting = two.take(LONG);
  assert.equal(await soon(waiting), 'waits');
  one.leave();
  assert.equal(await soon(waiting), 'went on');
});

test('credit comes back in pieces, for each byte once, and only at the pace allowed', async () => {
  const granted: number[] = [];
  const gates: (() => void)[] = [];
  let held = false;
  const take = () => (held ? new Promise<void>((resolve) => gates.push(resolve)) : undefined);
  const took = outputCredit({ take }, (bytes) => granted.push(bytes));
  took(1000);
  assert.deepEqual(granted, []);
  took(OUTPUT_CREDIT / 2);
  assert.deepEqual(granted, [1000 + OUTPUT_CREDIT / 2]);
  held = true;
  took(OUTPUT_CREDIT / 2);
  took(OUTPUT_CREDIT / 2);
  assert.equal(granted.length, 1);
  assert.equal(gates.length, 1, 'one waits at a time');
  gates[0]?.();
  await pause(0);
  assert.deepEqual(granted.slice(1), [OUTPUT_CREDIT / 2]);
  assert.equal(gates.length, 2, 'what came meanwhile waits in its turn');
});
