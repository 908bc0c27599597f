import { digest, sameDigest } from './digest.ts';

export const TOKEN_LIFE = 15 * 60_000;
const MOST_LIVE = 4;
const TOKEN_BYTES = 32;

export interface SignInTokens {
  /** A fresh token of 256 bits, base64url. The oldest unused one makes way when there are too many. */
  issue(user: string): string;
  /** The token's user, once; null for one that is wrong, used or older than 15 minutes. */
  redeem(token: string): string | null;
}

interface Live {
  readonly key: string;
  readonly user: string;
  readonly until: number;
}

/** One-time tokens for sign-in links. `clock` is in milliseconds and never goes back. */
export function signInTokens(clock: () => number, randomBytes: (count: number) => Buffer): SignInTokens {
  let live: Live[] = [];
  return {
    issue(user) {
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const until = clock() + TOKEN_LIFE;
      live = [...live.slice(1 - MOST_LIVE), { key: digest(token), user, until }];
      return token;
    },
    redeem(token) {
      const key = digest(token);
      const now = clock();
      live = live.filter((one) => one.until > now);
      // Every live token is compared, so that the time says nothing of which one came close.
      const [found] = live.filter((one) => sameDigest(one.key, key));
      if (!found) return null;
      live = live.filter((one) => one !== found);
      return found.user;
    },
  };
}
