import type { Step } from './step.ts';

/** No reference to sessions: what was earned outlives them. */
export const attempts: Step = async (db, { sequence }) => {
  await db.schema
    .createTable('attempts')
    .addColumn('sequence', sequence, (column) => column.primaryKey())
    .addColumn('session', 'text', (column) => column.notNull())
    .addColumn('user', 'text', (column) => column.notNull())
    .addColumn('lab', 'text', (column) => column.notNull())
    .addColumn('launch', 'text', (column) => column.notNull())
    .addColumn('task', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('attempts_session').on('attempts').columns(['session', 'sequence']).execute();
};
