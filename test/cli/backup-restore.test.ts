import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { forgetServer, recordServer } from '../../runner/cli/serving/server-file.ts';
import { openStore } from '../../runner/store/open-store.ts';
import { storeFolder } from '../store/support/store-folder.ts';
import { attempt } from '../suites/store-fixture.ts';

const PROGRAM = join(import.meta.dirname, '../../runner/cli/drydock.ts');

/** The command line on a home; its exit code and what it told people. */
function drydock(home: string, ...args: string[]): [code: number | null, said: string] {
  const env = { ...process.env, DRYDOCK_HOME: home };
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { env, encoding: 'utf8' });
  return [status, stderr];
}

function expect([code, said]: [number | null, string], wanted: number, words: RegExp): void {
  assert.match(said, words);
  assert.equal(code, wanted, said);
}

test('backup works while the server runs, restore says to stop it, and then puts everything back', async () => {
  await using place = await storeFolder();
  const file = join(place.folder, 'backup');
  expect(drydock(place.home, 'backup', file), 2, /nothing to back up yet/);

  const store = await openStore({ file: place.file });
  await store.addAttempts([attempt('one')]);
  await recordServer(place.home, 'http://127.0.0.1:4700');
  expect(drydock(place.home, 'backup', file), 0, /^Wrote .*backup, \d+\.\d MB: all work and progress/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  expect(drydock(place.home, 'backup', file), 2, /exists.*\nGive the name of a new file/);
  expect(drydock(place.home, 'backup', join(place.folder, 'none', 'b')), 3, /could not be made/);

  await store.addAttempts([attempt('two')]);
  expect(drydock(place.home, 'restore', file), 3, /serves at .*Nothing was changed.*\n.*drydock down/);
  await forgetServer(place.home);
  expect(drydock(place.home, 'restore', file), 3, /in use by another process/);
  await store[Symbol.asyncDispose]();
  assert.equal(place.ask('select * from attempts').length, 2);

  expect(drydock(place.home, 'restore', place.file), 2, /cannot be restored: .*Nothing was changed/);
  expect(drydock(place.home, 'restore', file), 0, /Restored .*: 0 sessions, 1 attempts, no key\.\n.*kept as .*before-/);
  assert.equal(place.ask('select * from attempts').length, 1);
  assert.ok(existsSync(file));
});

test('backup and restore without a file are not understood', async () => {
  await using place = await storeFolder();
  for (const command of ['backup', 'restore']) expect(drydock(place.home, command), 2, /missing required argument/);
});
