import type { Kysely } from 'kysely';
import type { Attempt } from '../../core/ports/store.ts';
import type { Schema } from '../schema.ts';

/** All of them or none. */
export async function addAttempts(db: Kysely<Schema>, added: readonly Attempt[]): Promise<void> {
  if (added.length > 0)
    await db
      .insertInto('attempts')
      .values([...added])
      .execute();
}

export function attempts(db: Kysely<Schema>, session: string): Promise<Attempt[]> {
  return db
    .selectFrom('attempts')
    .select(['session', 'user', 'lab', 'launch', 'task', 'kind', 'outcome', 'at'])
    .where('session', '=', session)
    .orderBy('sequence')
    .execute();
}
