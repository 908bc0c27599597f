import type { Kysely } from 'kysely';
import type { Snapshot, SnapshotKind } from '../../core/ports/store.ts';
import type { Flavour } from '../flavour.ts';
import type { Schema } from '../schema.ts';
import { batches } from './batches.ts';
import { removeUnusedBlobs, saveBlobs } from './blobs.ts';
import { hashFiles } from './hash-files.ts';
import { requireSession } from './sessions.ts';

/** Writes the difference to the snapshot before it: an unchanged workspace costs one row. */
export async function saveSnapshot(
  db: Kysely<Schema>,
  flavour: Flavour,
  session: string,
  kind: SnapshotKind,
  { at, files }: Snapshot,
): Promise<void> {
  const hashes = await hashFiles(files);
  await db.transaction().execute(async (trx) => {
    await flavour.lockBlobs(trx);
    await requireSession(trx, session);
    await trx
      .insertInto('snapshots')
      .values({ session, kind, at })
      .onConflict((conflict) => conflict.columns(['session', 'kind']).doUpdateSet({ at }))
      .execute();
    const before = await savedHashes(trx, session, kind);
    const gone = [...before].filter(([path, hash]) => hashes.get(path) !== hash);
    const come = [...hashes].filter(([path, hash]) => before.get(path) !== hash);
    await saveBlobs(trx, new Map(come.map(([path, hash]) => [hash, files.get(path) as Uint8Array])));
    for (const batch of batches(gone)) {
      await trx
        .deleteFrom('snapshotFiles')
        .where('session', '=', session)
        .where('kind', '=', kind)
        .where(
          'path',
          'in',
          batch.map(([path]) => path),
        )
        .execute();
    }
    for (const batch of batches(come)) {
      await trx
        .insertInto('snapshotFiles')
        .values(batch.map(([path, hash]) => ({ session, kind, path, hash })))
        .execute();
    }
    await removeUnusedBlobs(
      trx,
      gone.map(([, hash]) => hash),
    );
  });
}

async function savedHashes(db: Kysely<Schema>, session: string, kind: SnapshotKind): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('snapshotFiles')
    .select(['path', 'hash'])
    .where('session', '=', session)
    .where('kind', '=', kind)
    .execute();
  return new Map(rows.map(({ path, hash }) => [path, hash]));
}

/** One statement, so that it is one snapshot even while another is being saved. */
export async function readSnapshot(db: Kysely<Schema>, session: string, kind: SnapshotKind): Promise<Snapshot | null> {
  const rows = await db
    .selectFrom('snapshots')
    .leftJoin('snapshotFiles', (join) =>
      join.onRef('snapshotFiles.session', '=', 'snapshots.session').onRef('snapshotFiles.kind', '=', 'snapshots.kind'),
    )
    .leftJoin('blobs', 'blobs.hash', 'snapshotFiles.hash')
    .select(['snapshots.at', 'snapshotFiles.path', 'blobs.bytes'])
    .where('snapshots.session', '=', session)
    .where('snapshots.kind', '=', kind)
    .execute();
  const [first] = rows;
  if (!first) return null;
  const files = new Map<string, Uint8Array>();
  for (const { path, bytes } of rows) if (path !== null && bytes !== null) files.set(path, bytes);
  return { at: first.at, files };
}
