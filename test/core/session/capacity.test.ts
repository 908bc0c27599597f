import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DrydockError } from '#contract';
import { demandOf, RESERVE, requireRoom } from '../../../runner/core/session/capacity.ts';

const MIB = 2 ** 20;
const lab = (mebibytes: number) => ({ lab: 'a', bytes: mebibytes * MIB });
const machine = (total: number, available = total) => ({
  total: RESERVE + total * MIB,
  available: RESERVE + available * MIB,
});

function refused(work: () => void): DrydockError | null {
  try {
    work();
    return null;
  } catch (error) {
    return error as DrydockError;
  }
}

test('P2 as many labs fit as their working sets do, and the next is refused with reason and time', () => {
  assert.equal(
    refused(() => requireRoom(lab(300), [lab(300)], machine(600))),
    null,
  );
  const error = refused(() => requireRoom(lab(300), [lab(300), lab(1)], machine(600)));
  assert.equal(error?.name, 'no-capacity');
  assert.equal(error?.retryAfter, 60);
  assert.match(error?.message ?? '', /about 300 MiB of memory, and 299 MiB are free for labs: 2 are open/);
});

test('P2 what others of the machine use up counts, however few labs are open', () => {
  assert.equal(
    refused(() => requireRoom(lab(300), [], machine(4000, 300))),
    null,
  );
  assert.equal(
    refused(() => requireRoom(lab(300), [], { total: 2 ** 40, available: RESERVE / 2 + 299 * MIB }))?.name,
    'no-capacity',
  );
});

test('a lab needs what was measured of it; before, a guess by its services', () => {
  assert.deepEqual(demandOf('a', 3, new Map([['a', 5]])), { lab: 'a', bytes: 5 });
  assert.deepEqual(demandOf('b', 3, new Map([['a', 5]])), { lab: 'b', bytes: 4 * 64 * MIB });
});
