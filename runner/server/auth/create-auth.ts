import type { IncomingHttpHeaders } from 'node:http';
import { readCookie } from './cookie-header.ts';
import { type CookieStore, memoryCookieStore } from './cookie-store.ts';
import { digest, sameDigest } from './digest.ts';
import type { Identity } from './identity.ts';
import { signInEndings } from './sign-in-endings.ts';
import { signInTokens } from './sign-in-tokens.ts';

/** How long a browser stays signed in, in milliseconds. */
export const COOKIE_LIFE = 12 * 3600_000;
const COOKIE_BYTES = 32;

export interface Auth {
  /** A one-time token for a sign-in link; 256 bits, good for 15 minutes. */
  issueToken(user: string): string;
  /** Trades a token for a cookie value; null when the token is wrong, used or too old. */
  exchange(token: string): Promise<{ readonly user: string; readonly cookie: string } | null>;
  identify(headers: IncomingHttpHeaders): Promise<Identity | null>;
  /** Whether the metrics token is shown. It opens the metrics and nothing else. */
  mayWatch(headers: IncomingHttpHeaders): boolean;
  /** Signs out; whatever waits in onEnd is told at once. */
  revoke(identity: Identity): Promise<void>;
  /** Calls back once when this sign-in is revoked or expires; returns the unsubscribe. */
  onEnd(identity: Identity, ended: () => void): () => void;
}

export interface AuthDeps {
  /** Milliseconds, never going back: a changed wall clock must sign nobody out or in. */
  readonly clock: () => number;
  readonly randomBytes: (count: number) => Buffer;
  readonly cookies?: CookieStore;
  /** The local command line's bearer token, at least 128 bits, and whom it stands for. */
  readonly bearer?: { readonly token: string; readonly user: string };
  /** What a collector of metrics shows instead of signing in, at least 128 bits. */
  readonly metricsToken?: string;
}

export function createAuth(deps: AuthDeps): Auth {
  const { clock, randomBytes, bearer, cookies = memoryCookieStore() } = deps;
  const tokens = signInTokens(clock, randomBytes);
  const endings = signInEndings(clock);
  const bearerKey = bearer && digest(bearer.token);
  const watchKey = deps.metricsToken && digest(deps.metricsToken);

  function byBearer(authorization: string): Identity | null {
    if (!bearer || !bearerKey || !shows(authorization, bearerKey)) return null;
    return { user: bearer.user, by: 'bearer', key: bearerKey, expiresAt: null };
  }

  return {
    issueToken: tokens.issue,
    async exchange(token) {
      const user = tokens.redeem(token);
      if (user === null) return null;
      const cookie = randomBytes(COOKIE_BYTES).toString('base64url');
      await cookies.save({ key: digest(cookie), user, expiresAt: clock() + COOKIE_LIFE });
      return { user, cookie };
    },
    async identify(headers) {
      if (headers.authorization !== undefined) return byBearer(headers.authorization);
      const cookie = readCookie(headers.cookie);
      if (!cookie) return null;
      const key = digest(cookie);
      const record = await cookies.find(key);
      if (!record || !sameDigest(record.key, key)) return null;
      if (record.expiresAt > clock()) return { user: record.user, by: 'cookie', key, expiresAt: record.expiresAt };
      await cookies.remove(key);
      return null;
    },
    mayWatch: ({ authorization }) => Boolean(watchKey && authorization && shows(authorization, watchKey)),
    async revoke(identity) {
      await cookies.remove(identity.key);
      endings.end(identity.key);
    },
    onEnd: endings.on,
  };
}

/** Whether an Authorization header carries the bearer token with this digest. */
function shows(authorization: string, key: string): boolean {
  const [, token] = /^bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(authorization) ?? [];
  return token !== undefined && sameDigest(digest(token), key);
}
