import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { DrydockError } from '#contract';
import type { ColumnTypes } from './flavour.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Step } from './migrations/step.ts';
import type { Schema } from './schema.ts';

/** All that are missing, in one transaction: one that is interrupted leaves the database as it was. */
export async function migrate(
  db: Kysely<Schema>,
  columns: ColumnTypes,
  name: string,
  steps: Readonly<Record<string, Step>> = MIGRATIONS,
): Promise<void> {
  await refuseNewer(db, name, Object.keys(steps));
  const migrations = Object.fromEntries(
    Object.entries(steps).map(([number, up]): [string, Migration] => [number, { up: (on) => up(on, columns) }]),
  );
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

async function refuseNewer(db: Kysely<Schema>, name: string, known: readonly string[]): Promise<void> {
  const unknown = (await appliedMigrations(db)).filter((one) => !known.includes(one));
  if (unknown.length === 0) return;
  throw new DrydockError(
    'environment',
    `${name} was written by a newer Drydock: it has "${unknown.at(-1)}", this one knows up to "${known.at(-1)}". It was left as it is.`,
    { hint: 'Update Drydock (git pull), or restore a backup made with this version: ./drydock restore FILE' },
  );
}

/** Names of the migrations a database has had; none for one that is new. */
async function appliedMigrations(db: Kysely<Schema>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === 'kysely_migration')) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map((row) => row.name);
}
