import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runChild } from './support/run-child.ts';
import { storeFolder } from './support/store-folder.ts';

const CLAIMER = import.meta.resolve('./support/claim-sessions.ts');

/** Two processes that claim at once; the second may look elsewhere. */
async function claims(one: string, two: string) {
  const children = [runChild(CLAIMER, one, 'one'), runChild(CLAIMER, two, 'two')];
  for (const child of children) await child.printed(1);
  for (const child of children) child.process.stdin?.write('go\n');
  for (const child of children) assert.equal(await child.ended(), 0);
  const all = children.flatMap(({ lines }) => lines.slice(1).map((line) => line.split(' ')));
  assert.equal(all.length, 40);
  return { made: all.filter(([, made]) => made === 'true').length, ids: new Set(all.map(([id]) => id)).size };
}

test('L3 two processes that claim 20 times each at once get one session', async () => {
  await using place = await storeFolder();
  await using other = await storeFolder();
  assert.deepEqual(await claims(place.file, place.file), { made: 1, ids: 1 });
  // Control: two stores have two.
  assert.deepEqual(await claims(other.file, `${other.folder}/second/drydock.sqlite`), { made: 2, ids: 2 });
});
