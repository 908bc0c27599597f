import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { DrydockError } from '#contract';
import { explainSqlite } from './explain-sqlite.ts';
import { findDamage } from './find-damage.ts';
import { BUSY_MS } from './open-database.ts';
import { packSecrets, readSecrets } from './secrets.ts';

/** All pages in one step: read in one transaction, while others go on writing. */
const ALL_PAGES = 2 ** 31 - 1;

/**
 * Writes everything in `file`, and the secrets beside it, to a new file that only its owner may read. Throws `usage`
 * when `to` exists, `store-failed` when it cannot be written or `file` is damaged; nothing is left of it then.
 */
export async function backupDatabase(file: string, to: string): Promise<void> {
  await reserve(to);
  try {
    await copyPages(file, to);
    await complete(to, file);
  } catch (error) {
    await Promise.all(['', '-journal', '-wal', '-shm'].map((suffix) => rm(`${to}${suffix}`, { force: true })));
    throw failure(to, error);
  }
}

async function reserve(to: string): Promise<void> {
  try {
    await (await open(to, 'wx', 0o600)).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw failure(to, error);
    throw new DrydockError('usage', `${to} exists; a backup never overwrites anything.`, {
      hint: 'Give the name of a new file.',
    });
  }
}

/** On a connection of its own, which holds up nobody. */
async function copyPages(file: string, to: string): Promise<void> {
  const source = new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS });
  try {
    await backup(source, to, { rate: ALL_PAGES });
  } finally {
    source.close();
  }
}

async function complete(to: string, file: string): Promise<void> {
  const copy = new DatabaseSync(to, { timeout: BUSY_MS });
  try {
    copy.exec('pragma journal_mode = delete; pragma synchronous = full');
    const damage = findDamage(copy, 'integrity_check');
    if (damage !== null) throw new DrydockError('store-failed', `${file} is damaged: ${damage}. No backup was made.`);
    packSecrets(copy, await readSecrets(dirname(file)));
  } finally {
    copy.close();
  }
}

function failure(to: string, error: unknown): unknown {
  const why = explainSqlite(error);
  if (why === null) return error;
  return new DrydockError('store-failed', `The backup ${to} could not be made: ${why}. Nothing was left of it.`, {
    cause: error,
    hint: 'Choose a folder that exists, has room and that you may write to, then try again.',
  });
}
