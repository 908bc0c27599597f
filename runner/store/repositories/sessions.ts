import type { Kysely, Selectable } from 'kysely';
import { DrydockError } from '#contract';
import type { SessionChange, SessionRecord } from '../../core/ports/store.ts';
import type { Flavour } from '../flavour.ts';
import type { Schema } from '../schema.ts';
import { removeUnusedBlobs } from './blobs.ts';

/** The unique key of user and lab decides, so that no lock is held while others ask. */
export async function claimSession(
  db: Kysely<Schema>,
  user: string,
  lab: string,
  fresh: () => SessionRecord,
): Promise<{ session: SessionRecord; made: boolean }> {
  for (;;) {
    const found = await db
      .selectFrom('sessions')
      .selectAll()
      .where('user', '=', user)
      .where('lab', '=', lab)
      .executeTakeFirst();
    if (found) return { session: toRecord(found), made: false };
    const session: SessionRecord = { ...fresh(), user, lab };
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('sessions')
      .values({ ...session, problem: session.problem && JSON.stringify(session.problem) })
      .onConflict((conflict) => conflict.columns(['user', 'lab']).doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows === 1n) return { session, made: true };
  }
}

export async function changeSession(
  db: Kysely<Schema>,
  id: string,
  { problem, ...rest }: SessionChange,
): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('sessions')
    // The id again, so that a change of nothing still finds out whether the session is there.
    .set({ id, ...rest, ...(problem === undefined ? {} : { problem: problem && JSON.stringify(problem) }) })
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) throw noSuchSession(id);
}

export async function sessions(db: Kysely<Schema>): Promise<SessionRecord[]> {
  const rows = await db.selectFrom('sessions').selectAll().orderBy('openedAt').orderBy('id').execute();
  return rows.map(toRecord);
}

export async function removeSession(db: Kysely<Schema>, flavour: Flavour, id: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await flavour.lockBlobs(trx);
    const held = await trx.selectFrom('snapshotFiles').select('hash').distinct().where('session', '=', id).execute();
    await trx.deleteFrom('sessions').where('id', '=', id).execute();
    await removeUnusedBlobs(
      trx,
      held.map((row) => row.hash),
    );
  });
}

/** Throws `no-such-session`. */
export async function requireSession(db: Kysely<Schema>, id: string): Promise<void> {
  const found = await db.selectFrom('sessions').select('id').where('id', '=', id).executeTakeFirst();
  if (!found) throw noSuchSession(id);
}

const toRecord = (row: Selectable<Schema['sessions']>): SessionRecord => ({
  ...row,
  problem: row.problem === null ? null : JSON.parse(row.problem),
});

const noSuchSession = (id: string) => new DrydockError('no-such-session', `There is no session "${id}".`);
