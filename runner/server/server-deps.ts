import type { Sessions } from '../core/ports/sessions.ts';
import type { Observer } from '../observe/observer.ts';
import type { OutputShare } from '../terminal/share-output.ts';
import type { Auth } from './auth/create-auth.ts';
import type { OriginPolicy } from './origin/origin-policy.ts';

/** One thing the server needs to do its work. Anybody may read the message: what is wrong, what to do, no secret. */
export interface Part {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
}

export interface ServerDeps extends Observer {
  readonly sessions: Sessions;
  readonly auth: Auth;
  readonly origin: OriginPolicy;
  /** The built course site; it may be missing, then its pages say how to build it. */
  readonly siteDir: string;
  /** A fresh id for each request, told in its answer and in every line of the log about it. */
  readonly newId: () => string;
  /** How what the server needs is doing now. */
  ready(): Promise<readonly Part[]>;
}

/** What handlers get besides: what the server knows of itself. */
export interface HandlerDeps extends ServerDeps {
  /** The API's description, as JSON. */
  readonly openApi: object;
  /** Among all terminals of this server. */
  readonly outputShare: OutputShare;
}
