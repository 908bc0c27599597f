import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';
import { batches } from './batches.ts';

/** Bytes written in one go; a whole workspace at once would hold up every terminal. */
const BATCH_BYTES = 1024 ** 2;

/** Content that is there already is not written again. */
export async function saveBlobs(db: Kysely<Schema>, blobs: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const rows = [...blobs].map(([hash, bytes]) => ({ hash, bytes }));
  for (const batch of batches(rows, { bytes: BATCH_BYTES, size: (row) => row.bytes.length })) {
    await db
      .insertInto('blobs')
      .values(batch)
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .execute();
    await letOthersRun();
  }
}

/** Of these, those that no snapshot has any more. */
export async function removeUnusedBlobs(db: Kysely<Schema>, hashes: readonly string[]): Promise<void> {
  for (const batch of batches(hashes)) {
    await db
      .deleteFrom('blobs')
      .where('hash', 'in', batch)
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('snapshotFiles').select('hash').whereRef('snapshotFiles.hash', '=', 'blobs.hash'))),
      )
      .execute();
    await letOthersRun();
  }
}
