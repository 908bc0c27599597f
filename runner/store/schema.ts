import type { Generated } from 'kysely';
import type { Attempt, SessionRecord, SignIn, SnapshotKind, TaskRecord } from '../core/ports/store.ts';

/** What a record becomes in a table: the same, but its nested values are JSON text. */
type Flat<T, Json extends keyof T> = { [K in keyof T]: K extends Json ? string | null : T[K] };

/** The tables. The columns' names are those of the fields in snake_case. */
export interface Schema {
  sessions: Flat<SessionRecord, 'problem'>;
  tasks: Flat<TaskRecord, 'verdict'> & { session: string };
  /** Ordered by sequence, not by time: a clock may step back. */
  attempts: Attempt & { sequence: Generated<number> };
  snapshots: { session: string; kind: SnapshotKind; at: number };
  snapshotFiles: { session: string; kind: SnapshotKind; path: string; hash: string };
  /** Content by its SHA-256, shared by all snapshots. */
  blobs: { hash: string; bytes: Uint8Array };
  signIns: SignIn;
  /** One row, written to see whether writing works. */
  probe: { id: number; at: number };
}
