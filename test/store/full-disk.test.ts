import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { after as afterAll, test } from 'node:test';
import type { Store } from '../../runner/core/ports/store.ts';
import { openStore } from '../../runner/store/open-store.ts';
import { named } from '../suites/engine-fixture.ts';
import { asText, attempt, filesOf, sessionRecord } from '../suites/store-fixture.ts';
import { limitFiles } from './support/limit-files.ts';
import { smallDisk } from './support/small-disk.ts';
import { damage, storeFolder } from './support/store-folder.ts';

const disk = await smallDisk(8);
if (typeof disk !== 'string') afterAll(() => disk[Symbol.asyncDispose]());
const skip = typeof disk === 'string' ? disk : false;
const before = filesOf({ a: 'kept', b: 'kept too' });
const after = new Map([...before, ['b', Buffer.alloc(1024 ** 2, 'lost')]] as const);

/** A store with something in it. */
async function begin(file: string): Promise<{ store: Store; id: string }> {
  const store = await openStore({ file });
  const { id } = (await store.claimSession('user', 'lab', () => sessionRecord())).session;
  await store.saveSnapshot(id, 'latest', { at: 1, files: before });
  return { store, id };
}

/** Adds attempts until one is refused; says how many were acknowledged. At most so many. */
async function addUntilRefused(store: Store, id: string, most: number, words: RegExp): Promise<number> {
  for (let at = 0; at < most; at++) {
    try {
      await store.addAttempts([attempt(id, { at })]);
    } catch (error) {
      assert.ok(named('store-failed', words)(error), String(error));
      return at;
    }
  }
  return most;
}

/** Nothing is written, what was acknowledged is there, and nothing is half there. */
async function refusesAll(store: Store, id: string, words: RegExp): Promise<number> {
  const refused = named('store-failed', words);
  const acknowledged = await addUntilRefused(store, id, 100_000, words);
  await assert.rejects(store.saveSnapshot(id, 'latest', { at: 2, files: after }), refused);
  await assert.rejects(store.saveSnapshot(id, 'applied', { at: 2, files: after }), refused);
  await assert.rejects(store.probe(), refused);
  assert.equal((await store.attempts(id)).length, acknowledged);
  assert.deepEqual(asText((await store.snapshot(id, 'latest'))?.files ?? new Map()), asText(before));
  assert.equal(await store.snapshot(id, 'applied'), null);
  return acknowledged;
}

/** The control too: with room, the same calls do what they say. */
async function takesAll(store: Store, id: string, acknowledged: number): Promise<void> {
  await store.probe();
  assert.equal(await addUntilRefused(store, id, 50, /./), 50);
  await store.saveSnapshot(id, 'latest', { at: 3, files: after });
  assert.equal((await store.attempts(id)).length, acknowledged + 50);
  assert.deepEqual(asText((await store.snapshot(id, 'latest'))?.files ?? new Map()), asText(after));
}

test('L10 a full disk refuses all and loses nothing, and with room the same store goes on', { skip }, async () => {
  if (typeof disk === 'string') return;
  const file = join(disk.folder, 'full', 'drydock.sqlite');
  const { store, id } = await begin(file);
  await disk.fill();
  const acknowledged = await refusesAll(store, id, /the disk is full.*Nothing of this was saved/);
  await disk.free();
  await takesAll(store, id, acknowledged);
  await store[Symbol.asyncDispose]();
  assert.equal(damage(file), null);
});

test('L10 a disk that can only be read is refused at the start, and taken once it can be written', {
  skip,
}, async () => {
  if (typeof disk === 'string') return;
  const file = join(disk.folder, 'read-only', 'drydock.sqlite');
  const { store, id } = await begin(file);
  await store[Symbol.asyncDispose]();
  await disk.mayOnlyRead(true);
  await assert.rejects(openStore({ file }), named('store-failed', /can only be read/));
  await disk.mayOnlyRead(false);
  await using again = await openStore({ file });
  await takesAll(again, id, 0);
});

test('L10 a disk that takes nothing more refuses all, and when it does again the same store goes on', async () => {
  await using place = await storeFolder();
  const { store, id } = await begin(place.file);
  await limitFiles(statSync(`${place.file}-wal`).size);
  const acknowledged = await refusesAll(store, id, /the disk does not take it.*Nothing of this was saved/);
  await limitFiles(null);
  await takesAll(store, id, acknowledged);
  await store[Symbol.asyncDispose]();
  assert.equal(damage(place.file), null);
});
