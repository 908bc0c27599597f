import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { findDamage } from '../../../runner/store/sqlite/find-damage.ts';

/** A home for a store, gone when its scope ends. */
export async function storeFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-store-'));
  const file = join(folder, 'home', 'drydock.sqlite');
  return {
    folder,
    home: join(folder, 'home'),
    file,
    ask: (sql: string) => ask(file, sql),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

export function ask(file: string, sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

/** What integrity_check finds, or null. */
export function damage(file: string): string | null {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    return findDamage(database, 'integrity_check');
  } finally {
    database.close();
  }
}
