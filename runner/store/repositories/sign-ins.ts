import type { Kysely } from 'kysely';
import type { SignIn } from '../../core/ports/store.ts';
import type { Schema } from '../schema.ts';

/** Those that are over are forgotten on the way. */
export async function addSignIn(db: Kysely<Schema>, signIn: SignIn, now: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx.deleteFrom('signIns').where('expiresAt', '<=', now).execute();
    await trx.insertInto('signIns').values(signIn).execute();
  });
}

export async function signIns(db: Kysely<Schema>): Promise<SignIn[]> {
  return db.selectFrom('signIns').select(['key', 'user', 'expiresAt']).orderBy('expiresAt').execute();
}

export async function removeSignIn(db: Kysely<Schema>, key: string): Promise<void> {
  await db.deleteFrom('signIns').where('key', '=', key).execute();
}
