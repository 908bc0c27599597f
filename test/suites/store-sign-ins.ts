import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoreFixture } from './store-fixture.ts';

const FAR = 9_000_000_000_000;

export function storeSignIns({ open, store }: StoreFixture): void {
  test('a sign-in is known to the next runner until it is removed', async () => {
    const kept = { key: 'a1', user: 'anna', expiresAt: FAR };
    await store.addSignIn(kept);
    await store.addSignIn({ key: 'b1', user: 'bert', expiresAt: FAR + 1 });
    const next = await open();
    try {
      assert.deepEqual(await next.signIns(), [kept, { key: 'b1', user: 'bert', expiresAt: FAR + 1 }]);
      await next.removeSignIn('a1');
      await next.removeSignIn('never-there');
    } finally {
      await next[Symbol.asyncDispose]();
    }
    assert.deepEqual(
      (await store.signIns()).map(({ key }) => key),
      ['b1'],
    );
  });

  test('a sign-in that is over is forgotten when the next one comes', async () => {
    await store.addSignIn({ key: 'old', user: 'anna', expiresAt: 1000 });
    await store.addSignIn({ key: 'new', user: 'anna', expiresAt: FAR });
    assert.ok(!(await store.signIns()).some(({ key }) => key === 'old'));
  });
}
