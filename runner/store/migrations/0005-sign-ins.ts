import type { Step } from './step.ts';

export const signIns: Step = async (db) => {
  await db.schema
    .createTable('sign_ins')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('user', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
};
