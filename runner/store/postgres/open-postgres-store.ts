import { PostgresDialect, sql } from 'kysely';
import { DatabaseError, Pool, types } from 'pg';
import { DrydockError } from '#contract';
import type { Store } from '../../core/ports/store.ts';
import { createStore } from '../create-store.ts';
import type { Flavour } from '../flavour.ts';

const INT8 = 20;
/** Any number, as long as nobody else's lock in this database has it. */
const BLOB_LOCK = 7_365_201;

/** The store in a PostgreSQL database (14 or newer). Throws as openStore does. */
export async function openPostgresStore({
  url,
  clock = Date.now,
}: {
  readonly url: string;
  readonly clock?: () => number;
}): Promise<Store> {
  const pool = new Pool({ connectionString: url, connectionTimeoutMillis: 5_000, types: { getTypeParser } });
  // A connection that breaks while nobody uses it is replaced at the next use.
  pool.on('error', () => undefined);
  const { host, pathname } = new URL(url);
  return createStore({
    dialect: new PostgresDialect({ pool }),
    flavour,
    clock,
    name: `PostgreSQL at ${host}${pathname}`,
  });
}

const flavour: Flavour = {
  columns: { sequence: 'bigserial', bytes: 'bytea' },
  lockBlobs: async (db) => void (await sql`select pg_advisory_xact_lock(${BLOB_LOCK})`.execute(db)),
  explain,
  async backup() {
    throw new DrydockError('usage', 'The store is in PostgreSQL, which has backups of its own.', {
      hint: 'Use pg_dump, and copy the files "key" and "owner" of DRYDOCK_HOME beside it.',
    });
  },
};

/** Times and sequences are below 2^53; pg would give 64-bit integers as text. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  return oid === INT8 ? Number : types.getTypeParser(oid, format as 'text');
}

/** pg has no class for a connection that was lost: it is told by its words. */
function explain(error: unknown): string | null {
  if (error instanceof DatabaseError) return error.message;
  if (!(error instanceof Error)) return null;
  const lost = 'syscall' in error || /connection|connect|timeout|\bE(CONN|PIPE|TIMEDOUT|HOST)/i.test(error.message);
  return lost ? error.message || 'it does not answer' : null;
}
