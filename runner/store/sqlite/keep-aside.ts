import { existsSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DrydockError } from '#contract';
import { backupDatabase } from './backup-database.ts';
import { isBusy, isDamage } from './explain-sqlite.ts';
import { findDamage } from './find-damage.ts';
import { BUSY_MS } from './open-database.ts';
import { SECRET_NAMES } from './secrets.ts';

/**
 * Copies a database that is about to be replaced, and its secrets, to `<file>.<mark>`: as a backup, or, when it is
 * damaged, byte by byte. Afterwards nothing of it is outside its main file. Throws `environment` when it is in use.
 */
export async function keepAside(file: string, mark: string): Promise<string[]> {
  if (!existsSync(file)) return [];
  if (isDamaged(file)) return copyFiles(file, mark);
  foldLog(file);
  const kept = `${file}.${mark}`;
  await backupDatabase(file, kept);
  return [kept];
}

/** Only reads: closing a damaged database that could be written may throw its log away. */
function isDamaged(file: string): boolean {
  const database = new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS });
  try {
    return findDamage(database, 'integrity_check') !== null;
  } catch (error) {
    if (isDamage(error)) return true;
    throw error;
  } finally {
    database.close();
  }
}

/** Leaving WAL mode takes the database for itself alone, so it also finds out whether another process has it open. */
function foldLog(file: string): void {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('pragma journal_mode = delete');
  } catch (error) {
    throw isBusy(error) ? inUse(file) : error;
  } finally {
    database.close();
  }
}

async function copyFiles(file: string, mark: string): Promise<string[]> {
  const kept: string[] = [];
  const log = `${file}-wal`;
  const copies: [from: string, to: string][] = [
    [file, `${file}.${mark}`],
    // Under this name SQLite finds the log of the copy.
    [log, `${file}.${mark}-wal`],
    ...SECRET_NAMES.map((name): [string, string] => {
      const path = join(dirname(file), name);
      return [path, `${path}.${mark}`];
    }),
  ];
  for (const [from, to] of copies) {
    if (!existsSync(from)) continue;
    await copyFile(from, to);
    kept.push(to);
  }
  // A log that is left would be played into the database that comes.
  await rm(log, { force: true });
  await rm(`${file}-shm`, { force: true });
  return kept;
}

const inUse = (file: string) =>
  new DrydockError('environment', `${file} is in use by another process. Nothing was changed.`, {
    hint: 'Stop it first: ./drydock down',
  });
