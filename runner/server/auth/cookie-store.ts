export interface CookieRecord {
  /** Digest of the cookie's value; the value itself is kept nowhere. */
  readonly key: string;
  readonly user: string;
  readonly expiresAt: number;
}

/** Where signed-in cookies are kept. */
export interface CookieStore {
  save(record: CookieRecord): Promise<void>;
  find(key: string): Promise<CookieRecord | null>;
  remove(key: string): Promise<void>;
}

const MOST_KEPT = 10_000;

/** Keeps cookies for the life of the process; the oldest make way beyond 10,000. */
export function memoryCookieStore(): CookieStore {
  const records = new Map<string, CookieRecord>();
  return {
    async save(record) {
      records.set(record.key, record);
      const oldest = records.keys().next();
      if (records.size > MOST_KEPT && !oldest.done) records.delete(oldest.value);
    },
    find: async (key) => records.get(key) ?? null,
    async remove(key) {
      records.delete(key);
    },
  };
}
