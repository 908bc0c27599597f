import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

/** Files beside the database without which a restored one is of little use: see runner/main.ts. */
export const SECRET_NAMES = ['key', 'owner'];

export type Secrets = ReadonlyMap<string, string>;

/** Those that are there. */
export async function readSecrets(home: string): Promise<Secrets> {
  const secrets = new Map<string, string>();
  for (const name of SECRET_NAMES) {
    const text = await readFile(join(home, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return null;
    });
    if (text !== null) secrets.set(name, text);
  }
  return secrets;
}

/** Puts them into a copy. The table is what makes a copy a backup, so it comes last. */
export function packSecrets(copy: DatabaseSync, secrets: Secrets): void {
  copy.exec('begin immediate; create table secrets (name text primary key, value text not null)');
  const insert = copy.prepare('insert into secrets values (?, ?)');
  for (const [name, value] of secrets) insert.run(name, value);
  copy.exec('commit');
}

/** Takes them out of a copy, and out of the bytes of its file. Null when it has none: then it is no backup. */
export function unpackSecrets(copy: DatabaseSync): Secrets | null {
  if (!copy.prepare("select 1 from sqlite_schema where type = 'table' and name = 'secrets'").get()) return null;
  const rows = copy.prepare('select name, value from secrets').all();
  copy.exec('pragma secure_delete = on; drop table secrets');
  // Only names of ours: they become names of files.
  return new Map(
    rows.map((row) => [String(row.name), String(row.value)] as const).filter(([name]) => SECRET_NAMES.includes(name)),
  );
}
