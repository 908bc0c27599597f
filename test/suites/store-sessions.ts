import assert from 'node:assert/strict';
import { test } from 'node:test';
import { named } from './engine-fixture.ts';
import { type StoreFixture, sessionRecord } from './store-fixture.ts';

const problem = { name: 'internal', title: 'A title', message: 'What happened: “ü”\n', hint: 'Do this.', at: [] };

export function storeSessions({ store, open, session }: StoreFixture): void {
  test('a session is kept as it was made, in another process’s eyes too', async () => {
    const made = await session({ expiresAt: 1_790_000_360_000, problem, renewals: 2 });
    await using other = await open();
    assert.deepEqual(
      (await other.sessions()).find(({ id }) => id === made.id),
      made,
    );
  });

  test('L3 of 20 who claim at once over two connections one makes the session and all get it', async () => {
    await using other = await open();
    const claim = (lab: string) => (_: unknown, i: number) =>
      (i % 2 ? store : other).claimSession('racer', lab, () => sessionRecord({ user: 'racer', lab }));
    const claims = await Promise.all(Array.from({ length: 20 }, claim('one-lab')));
    assert.equal(claims.filter(({ made }) => made).length, 1);
    assert.equal(new Set(claims.map((one) => one.session.id)).size, 1);
    // Control: where it is not one user and lab, each gets its own.
    const apart = await Promise.all(Array.from({ length: 20 }, (_, i) => claim(`lab-${i}`)(_, i)));
    assert.equal(apart.filter(({ made }) => made).length, 20);
  });

  test('a claim finds the session however it changed meanwhile', async () => {
    const { id, user, lab } = await session();
    await store.changeSession(id, { state: 'stopped', launch: 'second' });
    const { session: found, made } = await store.claimSession(user, lab, () => assert.fail('made another'));
    assert.deepEqual([made, found.id, found.state, found.launch], [false, id, 'stopped', 'second']);
  });

  test('a change touches what it names and nothing else', async () => {
    const before = await session({ problem, expiresAt: 5 });
    const read = async () => (await store.sessions()).find(({ id }) => id === before.id);
    await store.changeSession(before.id, { renewals: 1 });
    assert.deepEqual(await read(), { ...before, renewals: 1 });
    await store.changeSession(before.id, { problem: null, expiresAt: null });
    assert.deepEqual(await read(), { ...before, renewals: 1, problem: null, expiresAt: null });
    await store.changeSession(before.id, {});
    assert.deepEqual(await read(), { ...before, renewals: 1, problem: null, expiresAt: null });
  });

  test('sessions come oldest first', async () => {
    const ids = [3_000, 1_000, 2_000].map((openedAt) => sessionRecord({ openedAt }));
    for (const one of ids) await store.claimSession(one.user, one.lab, () => one);
    const oldest = (await store.sessions()).slice(0, 3);
    assert.deepEqual(
      oldest.map(({ openedAt }) => openedAt),
      [1_000, 2_000, 3_000],
    );
  });

  test('what belongs to no session is refused by name', async () => {
    const none = named('no-such-session', /ffff/);
    await assert.rejects(store.changeSession('ffff', { renewals: 1 }), none);
    await assert.rejects(store.changeSession('ffff', {}), none);
    await assert.rejects(store.changeTask('ffff', 'task', { hints: 1 }), none);
    await assert.rejects(store.saveSnapshot('ffff', 'latest', { at: 1, files: new Map() }), none);
  });

  test('an error of the caller comes back as it is, and the store goes on', async () => {
    const fresh = () => {
      throw new RangeError('no id left');
    };
    await assert.rejects(store.claimSession('nobody', 'lab', fresh), RangeError);
    await store.probe();
  });
}
