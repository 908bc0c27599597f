import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DrydockError } from '#contract';
import { isDamage } from './explain-sqlite.ts';
import { findDamage } from './find-damage.ts';
import { requireSqlite } from './require-sqlite.ts';

/** Its name in DRYDOCK_HOME. */
export const STORE_FILE = 'drydock.sqlite';

/** How long a statement waits for another process; the whole runner waits with it. */
export const BUSY_MS = 5_000;

/** FULL: what was committed is on the disk, whatever happens to the machine. The log shrinks again after a large write. */
const PRAGMAS = ['journal_mode = wal', 'synchronous = full', 'foreign_keys = on', 'journal_size_limit = 16777216'];

/** Opens it, or makes it. Throws `environment` when it is damaged; it is left as it is then. */
export function openDatabase(file: string): DatabaseSync {
  requireSqlite();
  makePrivate(file);
  const database = new DatabaseSync(file, { timeout: BUSY_MS });
  try {
    for (const pragma of PRAGMAS) database.exec(`pragma ${pragma}`);
    const damage = findDamage(database, 'quick_check');
    if (damage !== null) throw damaged(file, damage);
    return database;
  } catch (error) {
    database.close();
    throw isDamage(error) ? damaged(file, (error as Error).message) : error;
  }
}

/** SQLite gives its two files beside the same mode. */
function makePrivate(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  if (statSync(file).mode & 0o077) chmodSync(file, 0o600);
}

const damaged = (file: string, detail: string) =>
  new DrydockError('environment', `${file} is damaged: ${detail}. It was left as it is.`, {
    hint: 'Put back a copy made with "./drydock backup FILE": ./drydock restore FILE. Without one, move the file away to begin anew.',
  });
