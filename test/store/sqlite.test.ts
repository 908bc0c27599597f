import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { after, test } from 'node:test';
import { openStore } from '../../runner/store/open-store.ts';
import { openDatabase } from '../../runner/store/sqlite/open-database.ts';
import { requireSqlite } from '../../runner/store/sqlite/require-sqlite.ts';
import { named } from '../suites/engine-fixture.ts';
import { attempt, filesOf, sessionRecord } from '../suites/store-fixture.ts';
import { storeSuite } from '../suites/store-suite.ts';
import { ask, storeFolder } from './support/store-folder.ts';

const whole = await storeFolder();
after(() => whole[Symbol.asyncDispose]());
storeSuite('the store on SQLite', {
  open: () => openStore({ file: whole.file }),
  ask: async (sql) => whole.ask(sql),
});

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

test('nobody but its owner may read the store, even one that was laid open', async () => {
  await using place = await storeFolder();
  await using _first = await openStore({ file: place.file });
  assert.equal(mode(place.home), '700');
  for (const suffix of ['', '-wal', '-shm']) assert.equal(mode(place.file + suffix), '600', suffix);
  await using open = await storeFolder();
  await mkdir(open.home);
  writeFileSync(open.file, '', { mode: 0o644 });
  await using _second = await openStore({ file: open.file });
  for (const suffix of ['', '-wal', '-shm']) assert.equal(mode(open.file + suffix), '600', suffix);
});

test('L9 what is committed is on the disk: WAL and synchronous=FULL', async () => {
  await using place = await storeFolder();
  const database = openDatabase(place.file);
  const pragma = (name: string) => Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0];
  const settings = () => ['journal_mode', 'synchronous', 'foreign_keys'].map(pragma);
  assert.deepEqual(settings(), ['wal', 2, 1]);
  database.exec('pragma synchronous = normal');
  assert.deepEqual(settings(), ['wal', 1, 1], 'control: a weaker setting is seen');
  database.close();
});

test('a SQLite that can damage its files is refused, with what to do', () => {
  for (const version of ['3.53.4', '3.51.3', '4.0.0']) requireSqlite(version);
  for (const version of ['3.51.2', '3.50.9', '3.9.99', '2.99.99', '0']) {
    assert.throws(() => requireSqlite(version), named('environment', /3\.51\.3 is the first/));
  }
});

test('a store of a newer version is refused and left as it is', async () => {
  await using place = await storeFolder();
  await (await openStore({ file: place.file }))[Symbol.asyncDispose]();
  place.ask("insert into kysely_migration values ('0999-later', '2030-01-01T00:00:00.000Z') returning name");
  const before = readFileSync(place.file);
  await assert.rejects(
    openStore({ file: place.file }),
    named('environment', /newer Drydock.*0999-later.*left as it is/),
  );
  assert.deepEqual(readFileSync(place.file), before);
  place.ask("delete from kysely_migration where name = '0999-later' returning name");
  await (await openStore({ file: place.file }))[Symbol.asyncDispose]();
});

test('a damaged store is refused, named with the way out, and left as it is', async () => {
  await using place = await storeFolder();
  await using garbage = await storeFolder();
  await mkdir(garbage.home);
  writeFileSync(garbage.file, 'this is no database, and long enough to be taken for one'.repeat(99));

  const store = await openStore({ file: place.file });
  const { id } = sessionRecord();
  await store.claimSession('user', 'lab', () => sessionRecord({ id }));
  await store.saveSnapshot(id, 'latest', { at: 1, files: filesOf({ a: 'x'.repeat(50_000) }) });
  for (let i = 0; i < 50; i++) await store.addAttempts([attempt(id)]);
  await store[Symbol.asyncDispose]();
  const bytes = readFileSync(place.file);
  bytes.fill(0x5a, 4096 * 2, bytes.length - 4096);
  writeFileSync(place.file, bytes);

  for (const { file } of [garbage, place]) {
    const before = readFileSync(file);
    await assert.rejects(openStore({ file }), (error: Error & { hint?: string }) => {
      assert.ok(named('environment', /is damaged: .*left as it is/)(error), error.message);
      assert.match(error.hint ?? '', /drydock backup FILE.*drydock restore FILE/);
      return true;
    });
    assert.deepEqual(readFileSync(file), before);
  }
});

test('a store that is closing finishes what was asked and takes nothing more', async () => {
  await using place = await storeFolder();
  const store = await openStore({ file: place.file });
  const { id } = (await store.claimSession('user', 'lab', () => sessionRecord())).session;
  const saving = store.saveSnapshot(id, 'latest', { at: 1, files: filesOf({ a: 'x'.repeat(3_000_000) }) });
  const adding = store.addAttempts([attempt(id)]);
  await store[Symbol.asyncDispose]();
  await Promise.all([saving, adding]);
  await assert.rejects(store.probe(), named('store-failed', /closed/));
  assert.equal(ask(place.file, 'select * from attempts').length, 1);
  assert.equal(ask(place.file, 'select * from snapshot_files').length, 1);
});
