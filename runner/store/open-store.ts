import type { Store } from '../core/ports/store.ts';
import { createStore } from './create-store.ts';
import { explaining } from './explaining.ts';
import type { Flavour } from './flavour.ts';
import { backupDatabase } from './sqlite/backup-database.ts';
import { sqliteColumns, sqliteDialect } from './sqlite/dialect.ts';
import { explainSqlite } from './sqlite/explain-sqlite.ts';
import { openDatabase } from './sqlite/open-database.ts';

export interface StoreOptions {
  /** Made when it is not there, its folder too; nobody but its owner may read them. */
  readonly file: string;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

/**
 * The store in one SQLite file. Throws DrydockError: `environment` when the file is damaged or of a newer version,
 * `store-failed` when it cannot be written. The file is left as it is then.
 */
export async function openStore({ file, clock = Date.now }: StoreOptions): Promise<Store> {
  const database = await explaining(file, explainSqlite, () => openDatabase(file));
  const flavour: Flavour = {
    columns: sqliteColumns,
    // There is one connection, and a transaction has it alone.
    lockBlobs: async () => undefined,
    explain: explainSqlite,
    backup: (to) => backupDatabase(file, to),
  };
  return createStore({ dialect: sqliteDialect(database), flavour, clock, name: file });
}
