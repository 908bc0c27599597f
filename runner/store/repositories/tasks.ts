import type { Kysely } from 'kysely';
import type { TaskRecord } from '../../core/ports/store.ts';
import type { Schema } from '../schema.ts';
import { requireSession } from './sessions.ts';

export async function tasks(db: Kysely<Schema>, session: string): Promise<TaskRecord[]> {
  const rows = await db
    .selectFrom('tasks')
    .select(['task', 'flaggedAt', 'verdict', 'hints'])
    .where('session', '=', session)
    .orderBy('task')
    .execute();
  return rows.map((row) => ({ ...row, verdict: row.verdict === null ? null : JSON.parse(row.verdict) }));
}

export async function changeTask(
  db: Kysely<Schema>,
  session: string,
  task: string,
  { verdict, ...rest }: Partial<Omit<TaskRecord, 'task'>>,
): Promise<void> {
  const change = verdict === undefined ? rest : { ...rest, verdict: verdict && JSON.stringify(verdict) };
  const untouched: Schema['tasks'] = { session, task, flaggedAt: null, verdict: null, hints: 0 };
  await db.transaction().execute(async (trx) => {
    await requireSession(trx, session);
    await trx
      .insertInto('tasks')
      .values({ ...untouched, ...change })
      .onConflict((conflict) => conflict.columns(['session', 'task']).doUpdateSet({ task, ...change }))
      .execute();
  });
}
