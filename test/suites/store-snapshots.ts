import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Snapshot } from '../../runner/core/ports/store.ts';
import { asText, filesOf, type StoreFixture } from './store-fixture.ts';

const RUNS = 60;

/** Every character but NUL, which no path has. */
const path = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }).filter((text) => !text.includes('\0'));
const files = fc
  .array(fc.tuple(path, fc.uint8Array({ maxLength: 300 })), { maxLength: 12 })
  .map((entries) => new Map<string, Uint8Array>(entries));

const sameFiles = (one: Snapshot | null, other: ReadonlyMap<string, Uint8Array>) =>
  one !== null && JSON.stringify(asText(one.files)) === JSON.stringify(asText(other));

export function storeSnapshots({ store, session, count, ask }: StoreFixture): void {
  test('a snapshot gives back any bytes under any paths, over whatever was there before', async () => {
    const { id } = await session();
    let at = 0;
    await fc.assert(
      fc.asyncProperty(files, fc.constantFrom('latest' as const, 'applied' as const), async (wanted, kind) => {
        at += 1;
        await store.saveSnapshot(id, kind, { at, files: wanted });
        const kept = await store.snapshot(id, kind);
        assert.equal(kept?.at, at);
        assert.ok(sameFiles(kept, wanted));
        // Control: one byte more would be noticed.
        assert.equal(sameFiles(kept, new Map([...wanted, ['\u{10ffff}more', new Uint8Array(1)]])), false);
      }),
      { numRuns: RUNS },
    );
  });

  test('the two kinds are apart, and none is not an empty one', async () => {
    const { id } = await session();
    assert.equal(await store.snapshot(id, 'applied'), null);
    await store.saveSnapshot(id, 'applied', { at: 1, files: new Map() });
    await store.saveSnapshot(id, 'latest', { at: 2, files: filesOf({ 'compose.yaml': 'services: {}' }) });
    assert.deepEqual(await store.snapshot(id, 'applied'), { at: 1, files: new Map() });
    assert.deepEqual(asText((await store.snapshot(id, 'latest'))?.files ?? new Map()), [
      ['compose.yaml', Buffer.from('services: {}').toString('hex')],
    ]);
  });

  test('content is kept once, and goes with the last that has it', async () => {
    const [one, two] = [await session(), await session()];
    const blobs = await count('blobs');
    const shared = filesOf({ a: 'the same', b: 'the same', c: 'another' });
    await store.saveSnapshot(one.id, 'latest', { at: 1, files: shared });
    await store.saveSnapshot(one.id, 'applied', { at: 1, files: shared });
    await store.saveSnapshot(two.id, 'latest', { at: 1, files: shared });
    assert.equal(await count('blobs'), blobs + 2);
    await store.saveSnapshot(one.id, 'latest', { at: 2, files: new Map() });
    await store.saveSnapshot(two.id, 'latest', { at: 2, files: new Map() });
    assert.equal(await count('blobs'), blobs + 2, 'the applied one still has both');
    await store.saveSnapshot(one.id, 'applied', { at: 3, files: filesOf({ c: 'another' }) });
    assert.equal(await count('blobs'), blobs + 1);
    await store.removeSession(one.id);
    assert.equal(await count('blobs'), blobs);
  });

  test('an unchanged file is not written again', async () => {
    const { id } = await session();
    const files = filesOf({ a: 'first', b: 'second' });
    await store.saveSnapshot(id, 'latest', { at: 1, files });
    // What only a second write would mend.
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    await ask(
      `update blobs set bytes = (select other.bytes from blobs as other where other.hash = '${hash('second')}') where hash = '${hash('first')}'`,
    );
    await store.saveSnapshot(id, 'latest', { at: 2, files });
    assert.ok(sameFiles(await store.snapshot(id, 'latest'), filesOf({ a: 'second', b: 'second' })));
    // Control: a changed one is.
    await store.saveSnapshot(id, 'latest', { at: 3, files: filesOf({ a: 'third', b: 'second' }) });
    assert.ok(sameFiles(await store.snapshot(id, 'latest'), filesOf({ a: 'third', b: 'second' })));
  });

  test('snapshots saved at once over shared content are all whole', async () => {
    const holders = await Promise.all(Array.from({ length: 6 }, () => session()));
    const version = (i: number) => filesOf({ shared: `${i % 2}`, own: `${i}`, third: `${i % 3}` });
    for (let round = 0; round < 5; round++) {
      const wanted = holders.map((holder, i) => ({ id: holder.id, files: version(i + round) }));
      await Promise.all(wanted.map(({ id, files }) => store.saveSnapshot(id, 'latest', { at: round, files })));
      for (const { id, files } of wanted) assert.ok(sameFiles(await store.snapshot(id, 'latest'), files));
    }
  });

  test('a snapshot that cannot be saved leaves the one before', async () => {
    const { id } = await session();
    const files = filesOf({ a: 'kept' });
    await store.saveSnapshot(id, 'latest', { at: 1, files });
    const blobs = await count('blobs');
    // The first is written by the time the second turns out to be nothing.
    const large = Buffer.alloc(2 * 1024 ** 2);
    const broken = Object.assign(filesOf({ a: 'lost', b: 'lost too' }), {
      get: (path: string) => (path === 'a' ? large : (null as unknown as Buffer)),
    });
    await assert.rejects(store.saveSnapshot(id, 'latest', { at: 2, files: broken }), TypeError);
    assert.equal(await count('blobs'), blobs);
    assert.equal((await store.snapshot(id, 'latest'))?.at, 1);
    assert.ok(sameFiles(await store.snapshot(id, 'latest'), files));
  });
}
