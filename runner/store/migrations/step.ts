import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from '../flavour.ts';

/** One change of the tables. It never changes again once it was released; the next one gets the next number. */
export type Step = (db: Parameters<Migration['up']>[0], columns: ColumnTypes) => Promise<void>;
