import type { Logger } from 'pino';
import type { Sessions } from '../core/ports/sessions.ts';
import type { Auth } from './auth/create-auth.ts';
import type { OriginPolicy } from './origin/origin-policy.ts';

export interface ServerDeps {
  readonly sessions: Sessions;
  readonly auth: Auth;
  readonly origin: OriginPolicy;
  /** The built course site; it may be missing, then its pages say how to build it. */
  readonly siteDir: string;
  readonly log: Logger;
  /** Milliseconds, never going back. */
  readonly clock: () => number;
  /** A fresh id for an unexpected error, shown to the person and written to the log. */
  readonly newId: () => string;
}
