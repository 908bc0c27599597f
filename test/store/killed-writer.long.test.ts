import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openStore } from '../../runner/store/open-store.ts';
import { attempt, filesOf, sessionRecord } from '../suites/store-fixture.ts';
import { runChild } from './support/run-child.ts';
import { ask, damage, storeFolder } from './support/store-folder.ts';

const WRITER = import.meta.resolve('./support/write-attempts.ts');
const MIGRATOR = import.meta.resolve('./support/migrate-half.ts');
const WRITES = 1000;

/** Kills a writer at a random moment after it acknowledged up to 300; answers which it had acknowledged. */
async function killWriter(file: string, first: number, ...mode: string[]): Promise<number[]> {
  const writer = runChild(WRITER, file, String(first), ...mode);
  await writer.printed(randomInt(1, 300));
  await pause(randomInt(0, 10));
  writer.process.kill('SIGKILL');
  assert.equal(await writer.ended(), 'SIGKILL');
  return writer.lines.map(Number);
}

/** Of these, those the store has not, as the next process finds it. */
function missing(file: string, acknowledged: readonly number[]): number[] {
  const there = new Set(ask(file, 'select at from attempts').map((row) => row.at));
  return acknowledged.filter((number) => !there.has(number));
}

test(`L9 a writer killed again and again during ${WRITES} attempts has lost none it acknowledged`, async (context) => {
  await using place = await storeFolder();
  const acknowledged: number[] = [];
  let kills = 0;
  for (; acknowledged.length < WRITES || kills < 5; kills++) {
    acknowledged.push(...(await killWriter(place.file, kills * 100_000)));
    assert.equal(damage(place.file), null);
    assert.deepEqual(missing(place.file, acknowledged), []);
  }
  context.diagnostic(`${acknowledged.length} acknowledged, ${kills} kills`);
  await using store = await openStore({ file: place.file });
  assert.ok((await store.attempts('session')).length >= acknowledged.length);
});

test('L9 control: attempts acknowledged before they are written are found missing', async () => {
  await using place = await storeFolder();
  const acknowledged = await killWriter(place.file, 0, 'early');
  assert.notDeepEqual(missing(place.file, acknowledged), []);
});

const tables = (file: string) =>
  ask(file, "select name from sqlite_schema where name in ('large', 'probe') order by 1");

/** A store with something in it, in which a migration is killed half-way. */
async function killMigration(file: string, ...mode: string[]): Promise<void> {
  const store = await openStore({ file });
  const { id } = (await store.claimSession('user', 'lab', () => sessionRecord())).session;
  await store.saveSnapshot(id, 'latest', { at: 1, files: filesOf({ a: 'kept' }) });
  await store.addAttempts([attempt(id)]);
  await store[Symbol.asyncDispose]();
  const migrator = runChild(MIGRATOR, file, ...mode);
  await migrator.printed(1);
  migrator.process.kill('SIGKILL');
  assert.equal(await migrator.ended(), 'SIGKILL');
}

test('L9 a migration killed half-way is rolled back, and the store goes on as it was', async () => {
  await using place = await storeFolder();
  await killMigration(place.file);
  assert.deepEqual(
    tables(place.file).map(({ name }) => name),
    ['probe'],
  );
  assert.equal(damage(place.file), null);
  await using store = await openStore({ file: place.file });
  const [session] = await store.sessions();
  assert.equal((await store.snapshot(session?.id ?? '', 'latest'))?.files.size, 1);
  assert.equal((await store.attempts(session?.id ?? '')).length, 1);
});

test('L9 control: outside a transaction a migration killed half-way leaves half', async () => {
  await using place = await storeFolder();
  await killMigration(place.file, 'bare');
  assert.deepEqual(
    tables(place.file).map(({ name }) => name),
    ['large'],
  );
});

test('L9 a runner killed at any moment of its first start leaves what the next one can use', async () => {
  await using place = await storeFolder();
  for (let round = 0; round < 6; round++) {
    const file = `${place.folder}/${round}/drydock.sqlite`;
    const child = runChild(WRITER, file);
    await pause(randomInt(150, 900));
    child.process.kill('SIGKILL');
    await child.ended();
    await using store = await openStore({ file });
    await store.addAttempts([attempt('after')]);
    assert.equal(damage(file), null);
    assert.deepEqual(missing(file, child.lines.map(Number)), []);
  }
});
