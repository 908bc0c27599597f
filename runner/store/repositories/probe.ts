import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

export async function writeProbe(db: Kysely<Schema>, at: number): Promise<void> {
  await db
    .insertInto('probe')
    .values({ id: 1, at })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ at }))
    .execute();
}
