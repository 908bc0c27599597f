import type { SignIn } from '../../core/ports/store.ts';
import { type CookieRecord, type CookieStore, memoryCookieStore } from './cookie-store.ts';

/** Where sign-ins outlive the process: the part of the store's port that is needed. Times are the wall clock's. */
export interface SignInsKept {
  addSignIn(signIn: SignIn): Promise<void>;
  signIns(): Promise<SignIn[]>;
  removeSignIn(key: string): Promise<void>;
}

interface Clocks {
  /** Never jumps; what the records of cookies go by. */
  readonly clock: () => number;
  readonly wall: () => number;
}

/**
 * Cookies that are still good when the runner is started again. What is left of one is never more than `life`,
 * however the wall clock was changed meanwhile.
 */
export async function keptCookies(kept: SignInsKept, { clock, wall }: Clocks, life: number): Promise<CookieStore> {
  const memory = memoryCookieStore();
  for (const { key, user, expiresAt } of await kept.signIns()) {
    const left = Math.min(expiresAt - wall(), life);
    if (left > 0) await memory.save({ key, user, expiresAt: clock() + left });
  }
  return {
    async save(record: CookieRecord) {
      const { key, user, expiresAt } = record;
      await kept.addSignIn({ key, user, expiresAt: wall() + Math.round(expiresAt - clock()) });
      await memory.save(record);
    },
    find: memory.find,
    async remove(key) {
      await memory.remove(key);
      await kept.removeSignIn(key);
    },
  };
}
