import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { test } from 'node:test';
import { openStore } from '../../runner/store/open-store.ts';
import { sessionRecord } from '../suites/store-fixture.ts';
import { storeFolder } from './support/store-folder.ts';

const FILES = 2000;
const BYTES = 16 * 1024 ** 2;
/** Far above what it takes; a row at a time, or no transaction, is above it. */
const SAVED_WITHIN_MS = 5_000;

test('a workspace of 16 MiB in 2000 files is saved quickly, and unchanged in a fraction of that', async (context) => {
  await using place = await storeFolder();
  await using store = await openStore({ file: place.file });
  const { id } = (await store.claimSession('user', 'lab', () => sessionRecord())).session;
  const files = new Map(
    Array.from({ length: FILES }, (_, i) => [`src/${i % 40}/${i}.ts`, randomBytes(BYTES / FILES)] as const),
  );

  async function timed(what: string, work: () => Promise<unknown>): Promise<number> {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const began = performance.now();
    await work();
    const took = performance.now() - began;
    delay.disable();
    context.diagnostic(`${what}: ${took.toFixed(0)} ms, others waited ${(delay.max / 1e6).toFixed(0)} ms at most`);
    return took;
  }
  const first = await timed('saved', () => store.saveSnapshot(id, 'latest', { at: 1, files }));
  const again = await timed('unchanged', () => store.saveSnapshot(id, 'latest', { at: 2, files }));
  await timed('one file changed', () =>
    store.saveSnapshot(id, 'latest', { at: 3, files: new Map([...files, ['src/0/0.ts', randomBytes(9)]]) }),
  );
  await timed('same content elsewhere', () => store.saveSnapshot(id, 'applied', { at: 3, files }));
  await timed('read', () => store.snapshot(id, 'latest'));
  assert.ok(first < SAVED_WITHIN_MS, `${first} ms`);
  assert.ok(again < first, `unchanged took ${again} ms, the first ${first} ms`);
});
