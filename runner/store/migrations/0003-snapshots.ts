import type { Step } from './step.ts';

export const snapshots: Step = async (db, { bytes }) => {
  await db.schema
    .createTable('blobs')
    .addColumn('hash', 'text', (column) => column.primaryKey())
    .addColumn('bytes', bytes, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('snapshots')
    .addColumn('session', 'text', (column) => column.notNull().references('sessions.id').onDelete('cascade'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('snapshots_key', ['session', 'kind'])
    .execute();
  await db.schema
    .createTable('snapshot_files')
    .addColumn('session', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull().references('blobs.hash'))
    .addPrimaryKeyConstraint('snapshot_files_key', ['session', 'kind', 'path'])
    .addForeignKeyConstraint(
      'snapshot_files_snapshot',
      ['session', 'kind'],
      'snapshots',
      ['session', 'kind'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .execute();
  await db.schema.createIndex('snapshot_files_hash').on('snapshot_files').column('hash').execute();
};
