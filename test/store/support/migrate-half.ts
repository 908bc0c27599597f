// Begins a migration of many rows, says `half` in its middle, and waits there for its end. With `bare`, the control,
// it does the same outside a transaction.
import { writeSync } from 'node:fs';
import { Kysely, sql } from 'kysely';
import { migrate } from '../../../runner/store/migrate.ts';
import { MIGRATIONS } from '../../../runner/store/migrations/index.ts';
import type { Step } from '../../../runner/store/migrations/step.ts';
import type { Schema } from '../../../runner/store/schema.ts';
import { sqliteColumns, sqliteDialect } from '../../../runner/store/sqlite/dialect.ts';
import { openDatabase } from '../../../runner/store/sqlite/open-database.ts';

const [file = '', bare] = process.argv.slice(2);
const db = new Kysely<Schema>({ dialect: sqliteDialect(openDatabase(file)) });

const large: Step = async (on) => {
  await sql`create table large as with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 200000) select n from numbers`.execute(
    on,
  );
  await sql`drop table probe`.execute(on);
  writeSync(1, 'half\n');
  // Alive as long as whoever started it is.
  process.stdin.resume();
  await new Promise(() => undefined);
};

if (bare) await large(db, sqliteColumns);
else await migrate(db, sqliteColumns, file, { ...MIGRATIONS, '0999-large': large });
