import type { ColumnDataType, Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** Where the databases differ; everything else of the store is the same for all. */
export interface Flavour {
  readonly columns: ColumnTypes;
  /** Inside a transaction: until it ends, nobody else saves or removes blobs. */
  lockBlobs(db: Kysely<Schema>): Promise<void>;
  /** What the database's own error means, as half a sentence; null for an error that is none of the database's. */
  explain(error: unknown): string | null;
  backup(file: string): Promise<void>;
}

export interface ColumnTypes {
  /** A key that counts up by itself. */
  readonly sequence: ColumnDataType;
  readonly bytes: ColumnDataType;
}
