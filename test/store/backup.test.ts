import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as letOthersRun } from 'node:timers/promises';
import { openStore } from '../../runner/store/open-store.ts';
import { backupDatabase } from '../../runner/store/sqlite/backup-database.ts';
import { restoreDatabase } from '../../runner/store/sqlite/restore-database.ts';
import { named } from '../suites/engine-fixture.ts';
import { attempt, filesOf, sessionRecord } from '../suites/store-fixture.ts';
import { ask, storeFolder } from './support/store-folder.ts';

const KEY = `${'5e'.repeat(32)}\n`;
const NOW = new Date('2030-01-02T03:04:05.678Z');
const KEPT = 'before-2030-01-02T03-04-05.678Z';

/** A home with a key, an owner, a session, and so many attempts. */
async function lived(attempts: number, key = KEY) {
  const place = await storeFolder();
  const store = await openStore({ file: place.file });
  const { id } = (await store.claimSession('user', 'lab', () => sessionRecord())).session;
  await store.saveSnapshot(id, 'latest', { at: 1, files: filesOf({ a: 'x'.repeat(100_000) }) });
  for (let at = 0; at < attempts; at++) await store.addAttempts([attempt(id, { at })]);
  writeFileSync(join(place.home, 'key'), key);
  writeFileSync(join(place.home, 'owner'), 'owner-of-it\n');
  return { ...place, store, id, backup: join(place.folder, 'backup') };
}

test('a backup is one private file, and brings everything back on another machine', async () => {
  await using from = await lived(3);
  await using to = await storeFolder();
  await from.store.backup(from.backup);
  assert.equal(statSync(from.backup).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(from.folder).sort(), ['backup', 'home']);
  const restored = await restoreDatabase(from.backup, to.file, NOW);
  assert.deepEqual(restored, { kept: [], secrets: ['key', 'owner'], sessions: 1, attempts: 3 });
  assert.deepEqual(readdirSync(to.home).sort(), ['drydock.sqlite', 'key', 'owner']);
  for (const name of ['drydock.sqlite', 'key', 'owner'])
    assert.equal(statSync(join(to.home, name)).mode & 0o777, 0o600);
  assert.equal(readFileSync(join(to.home, 'key'), 'utf8'), KEY);
  assert.ok(readFileSync(from.backup).includes(KEY), 'control: the key can be found in the backup');
  assert.ok(!readFileSync(to.file).includes(KEY), 'the key is nowhere in the store');
  await using store = await openStore({ file: to.file });
  assert.deepEqual(await store.sessions(), await from.store.sessions());
  assert.deepEqual(await store.attempts(from.id), await from.store.attempts(from.id));
  assert.deepEqual(await store.snapshot(from.id, 'latest'), await from.store.snapshot(from.id, 'latest'));
  await from.store[Symbol.asyncDispose]();
});

test('a backup made while others write has all that was acknowledged before it began', async () => {
  await using from = await lived(20);
  let on = true;
  const writing = (async () => {
    let written = 0;
    // Without the pause nothing but promises would ever get its turn.
    for (; on; written++, await letOthersRun()) {
      await from.store.addAttempts([attempt(from.id, { at: 100 + written })]);
    }
    return written;
  })();
  await from.store.backup(from.backup);
  on = false;
  assert.ok((await writing) > 0, 'nothing was written meanwhile');
  const kept = ask(from.backup, 'select at from attempts order by sequence').map(({ at }) => Number(at));
  assert.deepEqual(
    kept.slice(0, 20),
    Array.from({ length: 20 }, (_, i) => i),
  );
  await from.store[Symbol.asyncDispose]();
});

test('a backup overwrites nothing, and leaves nothing when it cannot be made', async () => {
  await using from = await lived(1);
  writeFileSync(from.backup, 'precious');
  await assert.rejects(from.store.backup(from.backup), named('usage', /exists/));
  assert.equal(readFileSync(from.backup, 'utf8'), 'precious');
  await assert.rejects(
    from.store.backup(join(from.folder, 'none', 'backup')),
    named('store-failed', /could not be made/),
  );
  await from.store[Symbol.asyncDispose]();
  const bytes = readFileSync(from.file);
  writeFileSync(from.file, bytes.fill(0x5a, 4096 * 2, bytes.length - 4096));
  const other = join(from.folder, 'other');
  await assert.rejects(backupDatabase(from.file, other), named('store-failed', /damaged|malformed/));
  assert.ok(!existsSync(other));
});

test('a restore keeps what was there as a backup, which takes it back', async () => {
  await using one = await lived(1);
  await using two = await lived(2, 'another key\n');
  await one.store.backup(one.backup);
  for (const { store } of [one, two]) await store[Symbol.asyncDispose]();
  const kept = `${two.file}.${KEPT}`;
  assert.deepEqual((await restoreDatabase(one.backup, two.file, NOW)).kept, [kept]);
  assert.equal(two.ask('select * from attempts').length, 1);
  assert.equal(readFileSync(join(two.home, 'key'), 'utf8'), KEY);
  assert.equal((await restoreDatabase(kept, two.file, new Date())).attempts, 2);
  assert.equal(readFileSync(join(two.home, 'key'), 'utf8'), 'another key\n');
});

test('a restore over a damaged store keeps its bytes and its secrets', async () => {
  await using one = await lived(1);
  await using two = await lived(2, 'another key\n');
  await one.store.backup(one.backup);
  for (const { store } of [one, two]) await store[Symbol.asyncDispose]();
  writeFileSync(two.file, 'garbage'.repeat(1000));
  writeFileSync(`${two.file}-wal`, 'a log that fits nothing');
  const { kept } = await restoreDatabase(one.backup, two.file, NOW);
  assert.deepEqual(
    kept.map((path) => [path.slice(two.home.length + 1), readFileSync(path, 'utf8').slice(0, 7)]),
    [
      [`drydock.sqlite.${KEPT}`, 'garbage'],
      [`drydock.sqlite.${KEPT}-wal`, 'a log t'],
      [`key.${KEPT}`, 'another'],
      [`owner.${KEPT}`, 'owner-o'],
    ],
  );
  await using store = await openStore({ file: two.file });
  assert.equal((await store.sessions()).length, 1);
});

test('a restore refuses what is no whole backup of a version it knows, and changes nothing', async () => {
  await using place = await lived(2);
  await place.store.backup(place.backup);
  await place.store[Symbol.asyncDispose]();
  const good = readFileSync(place.backup);
  const write = (name: string, bytes: Uint8Array | string) => {
    writeFileSync(join(place.folder, name), bytes);
    return join(place.folder, name);
  };
  const newer = write('newer', good);
  ask(newer, "insert into kysely_migration values ('0999-later', 'x') returning name");
  const refusals: [file: string, words: RegExp][] = [
    [join(place.folder, 'none'), /no such file/],
    [place.folder, /cannot be restored/],
    [write('empty', ''), /did not write it/],
    [write('text', 'x'.repeat(5000)), /not a database/],
    [write('half', good.subarray(0, good.length / 2)), /damaged|malformed/],
    [write('flipped', Buffer.from(good).fill(0x5a, 8192, good.length - 4096)), /damaged|malformed/],
    [write('plain', readFileSync(place.file)), /did not write it/],
    [newer, /newer Drydock.*0999-later/],
  ];
  const before = readFileSync(place.file);
  for (const [file, words] of refusals) {
    await assert.rejects(restoreDatabase(file, place.file, NOW), named('usage', words), file);
    assert.deepEqual(readdirSync(place.home).sort(), ['drydock.sqlite', 'key', 'owner'], file);
    assert.deepEqual(readFileSync(place.file), before);
  }
  // Control: the file they were all made of is taken.
  assert.equal((await restoreDatabase(place.backup, place.file, NOW)).attempts, 2);
});

test('a restore refuses while another has the store open', async () => {
  await using place = await lived(1);
  await place.store.backup(place.backup);
  await assert.rejects(
    restoreDatabase(place.backup, place.file, NOW),
    named('environment', /in use.*Nothing was changed/),
  );
  await place.store.addAttempts([attempt(place.id)]);
  assert.equal((await place.store.attempts(place.id)).length, 2);
  await place.store[Symbol.asyncDispose]();
  await restoreDatabase(place.backup, place.file, NOW);
});
