import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openStore } from '../../../runner/store/open-store.ts';

/** The real store on a database that can be made to refuse every write, as a full or broken disk does, and to take them again. */
export async function refusingStore() {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-refusing-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'store.sqlite');
  const store = await openStore({ file });

  function change(sql: (table: string, verb: string) => string): void {
    const database = new DatabaseSync(file);
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    for (const { name } of tables.all() as { name: string }[]) {
      for (const verb of ['INSERT', 'UPDATE', 'DELETE']) database.exec(sql(name, verb));
    }
    database.close();
  }

  return {
    store,
    refuse: () =>
      change(
        (table, verb) =>
          `CREATE TRIGGER "no_${verb}_${table}" BEFORE ${verb} ON "${table}" BEGIN SELECT RAISE(FAIL, 'no write'); END`,
      ),
    take: () => change((table, verb) => `DROP TRIGGER "no_${verb}_${table}"`),
  };
}
