import { chmod, copyFile, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DrydockError } from '#contract';
import { explaining } from '../explaining.ts';
import { MIGRATIONS } from '../migrations/index.ts';
import { explainSqlite } from './explain-sqlite.ts';
import { findDamage } from './find-damage.ts';
import { keepAside } from './keep-aside.ts';
import { BUSY_MS } from './open-database.ts';
import { type Secrets, unpackSecrets } from './secrets.ts';

export interface Restored {
  /** What was there, now beside; empty when nothing was. */
  readonly kept: readonly string[];
  /** Names of the secrets put back. */
  readonly secrets: readonly string[];
  readonly sessions: number;
  readonly attempts: number;
}

/**
 * Puts a backup in the place of `file` and of the secrets beside it; nobody may have it open. Throws `usage` when it
 * is no backup, `environment` when `file` is in use, `store-failed` when it cannot be written: before that, nothing
 * was changed.
 */
export const restoreDatabase = (backup: string, file: string, now: Date): Promise<Restored> =>
  explaining(file, explainSqlite, () => restore(backup, file, now));

async function restore(backup: string, file: string, now: Date): Promise<Restored> {
  const copy = `${file}.restoring`;
  const home = dirname(file);
  await mkdir(home, { recursive: true, mode: 0o700 });
  try {
    await copyFile(backup, copy).catch((cause) => {
      throw noBackup(backup, explainSqlite(cause) ?? 'it cannot be read', cause);
    });
    await chmod(copy, 0o600);
    const { secrets, ...counts } = examine(copy, backup);
    await sync(copy);
    const kept = await keepAside(file, `before-${now.toISOString().replaceAll(':', '-')}`);
    await rename(copy, file);
    for (const [name, value] of secrets) await replace(join(home, name), value);
    await sync(home);
    return { kept, secrets: [...secrets.keys()], ...counts };
  } finally {
    await rm(copy, { force: true });
  }
}

/** On the copy that will be used, so that nothing can change between. */
function examine(copy: string, backup: string): { secrets: Secrets; sessions: number; attempts: number } {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(copy, { timeout: BUSY_MS });
    const damage = findDamage(database, 'integrity_check');
    if (damage !== null) throw noBackup(backup, `it is damaged: ${damage}`);
    const secrets = unpackSecrets(database);
    if (secrets === null) throw noBackup(backup, '"./drydock backup" did not write it, or did not come to its end');
    const newer = database
      .prepare('select name from kysely_migration order by name')
      .all()
      .find(({ name }) => !(String(name) in MIGRATIONS));
    if (newer)
      throw noBackup(backup, `a newer Drydock made it ("${newer.name}" is unknown here); update Drydock first`);
    return { secrets, sessions: count(database, 'sessions'), attempts: count(database, 'attempts') };
  } catch (error) {
    const why = error instanceof DrydockError ? null : explainSqlite(error);
    throw why === null ? error : noBackup(backup, why, error);
  } finally {
    database?.close();
  }
}

const count = (database: DatabaseSync, table: 'sessions' | 'attempts') =>
  Number(database.prepare(`select count(*) as n from ${table}`).get()?.n ?? 0);

async function replace(path: string, value: string): Promise<void> {
  await writeFile(`${path}.part`, value, { mode: 0o600, flush: true });
  await rename(`${path}.part`, path);
}

async function sync(path: string): Promise<void> {
  const handle = await open(path);
  await handle.sync().finally(() => handle.close());
}

const noBackup = (file: string, why: string, cause?: unknown) =>
  new DrydockError('usage', `${file} cannot be restored: ${why}. Nothing was changed.`, {
    cause,
    hint: 'Give a file that "./drydock backup FILE" wrote.',
  });
