import { after } from 'node:test';
import type { Attempt, SessionRecord, Store } from '../../runner/core/ports/store.ts';

/** What a suite is run with: one empty database. */
export interface StoreUnderTest {
  /** Opens it; a second time, it is as if another runner did. */
  open(): Promise<Store>;
  /** Asks the database itself, in SQL that every database takes. */
  ask(sql: string): Promise<Record<string, unknown>[]>;
}

export interface StoreFixture extends StoreUnderTest {
  readonly store: Store;
  /** A session of its own for a test. */
  session(wish?: Partial<SessionRecord>): Promise<SessionRecord>;
  count(table: string): Promise<number>;
}

export async function storeFixture(subject: StoreUnderTest): Promise<StoreFixture> {
  const store = await subject.open();
  after(() => store[Symbol.asyncDispose]());
  return {
    ...subject,
    store,
    async session(wish) {
      const record = sessionRecord(wish);
      return (await store.claimSession(record.user, record.lab, () => record)).session;
    },
    async count(table) {
      const [row] = await subject.ask(`select count(*) as n from ${table}`);
      return Number(row?.n);
    },
  };
}

let made = 0;

export function sessionRecord(wish: Partial<SessionRecord> = {}): SessionRecord {
  made += 1;
  return {
    id: made.toString(16).padStart(16, '0'),
    user: `user-${made}`,
    lab: 'access-control',
    state: 'opening',
    launch: `launch-${made}`,
    node: 'local',
    openedAt: 1_790_000_000_000 + made,
    expiresAt: null,
    renewals: 0,
    activeAt: 1_790_000_000_000 + made,
    problem: null,
    ...wish,
  };
}

export const attempt = (session: string, wish: Partial<Attempt> = {}): Attempt => ({
  session,
  user: 'user',
  lab: 'access-control',
  launch: 'launch',
  task: 'verify-signature',
  kind: 'check',
  outcome: 'not-yet',
  at: 1_790_000_000_000,
  ...wish,
});

/** Files as strings of hexadecimal digits, in the order of their paths: what two snapshots are compared by. */
export const asText = (files: ReadonlyMap<string, Uint8Array>): [path: string, hex: string][] =>
  [...files].map(([path, bytes]): [string, string] => [path, Buffer.from(bytes).toString('hex')]).sort();

export const filesOf = (files: Readonly<Record<string, string>>): Map<string, Uint8Array> =>
  new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
