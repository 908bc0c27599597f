import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verdict } from '#contract';
import { attempt, filesOf, type StoreFixture, sessionRecord } from './store-fixture.ts';

const verdict: Verdict = {
  task: 'verify-signature',
  verdict: 'not-yet',
  message: { id: 'any-algorithm', params: { alg: 'none' }, text: 'The gateway takes “none”.' },
  evidence: [{ kind: 'transcript', title: 'A request', text: 'GET / HTTP/1.1\r\n\r\n\u{1f6a2}' }],
  replay: 'curl http://gateway',
  probes: [{ probe: 'signature', kind: 'attack', finding: 'open' }],
};

export function storeAttempts({ store, session, count }: StoreFixture): void {
  test('a task keeps what was said of it before', async () => {
    const { id } = await session();
    await store.changeTask(id, 'fix', { hints: 1 });
    await store.changeTask(id, 'fix', { verdict });
    await store.changeTask(id, 'break', { flaggedAt: 1_790_000_000_001 });
    await store.changeTask(id, 'fix', {});
    assert.deepEqual(await store.tasks(id), [
      { task: 'break', flaggedAt: 1_790_000_000_001, verdict: null, hints: 0 },
      { task: 'fix', flaggedAt: null, verdict, hints: 1 },
    ]);
    await store.changeTask(id, 'fix', { verdict: null, hints: 2 });
    assert.deepEqual((await store.tasks(id))[1], { task: 'fix', flaggedAt: null, verdict: null, hints: 2 });
  });

  test('attempts come in the order they were made, whatever the clock said', async () => {
    const { id } = await session();
    const made = [attempt(id, { at: 300 }), attempt(id, { at: 100, kind: 'flag', outcome: 'accepted' })];
    await store.addAttempts(made);
    await store.addAttempts([]);
    await store.addAttempts([attempt(id, { at: 200, outcome: 'passed' })]);
    assert.deepEqual(await store.attempts(id), [...made, attempt(id, { at: 200, outcome: 'passed' })]);
  });

  test('a session that is removed takes its tasks and files along and leaves what was earned', async () => {
    const { id, user, lab } = await session();
    await store.changeTask(id, 'fix', { verdict });
    await store.addAttempts([attempt(id)]);
    const blobs = await count('blobs');
    await store.saveSnapshot(id, 'latest', { at: 1, files: filesOf({ a: 'only here' }) });
    await store.removeSession(id);
    await store.removeSession(id);
    assert.deepEqual(await store.tasks(id), []);
    assert.equal(await store.snapshot(id, 'latest'), null);
    assert.equal(await count('blobs'), blobs);
    assert.deepEqual(await store.attempts(id), [attempt(id)]);
    const { made } = await store.claimSession(user, lab, () => sessionRecord());
    assert.equal(made, true);
  });
}
