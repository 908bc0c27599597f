import type { Step } from './step.ts';

export const sessions: Step = async (db) => {
  await db.schema
    .createTable('sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('user', 'text', (column) => column.notNull())
    .addColumn('lab', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('launch', 'text', (column) => column.notNull())
    .addColumn('node', 'text', (column) => column.notNull())
    .addColumn('opened_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('renewals', 'integer', (column) => column.notNull())
    .addColumn('active_at', 'bigint', (column) => column.notNull())
    .addColumn('problem', 'text')
    .addUniqueConstraint('sessions_user_lab', ['user', 'lab'])
    .execute();
  await db.schema
    .createTable('tasks')
    .addColumn('session', 'text', (column) => column.notNull().references('sessions.id').onDelete('cascade'))
    .addColumn('task', 'text', (column) => column.notNull())
    .addColumn('flagged_at', 'bigint')
    .addColumn('verdict', 'text')
    .addColumn('hints', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('tasks_key', ['session', 'task'])
    .execute();
};
