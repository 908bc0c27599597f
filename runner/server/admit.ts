import type { IncomingMessage } from 'node:http';
import { DrydockError, SessionId } from '#contract';
import type { Identity } from './auth/identity.ts';
import { checkOrigin } from './origin/check-origin.ts';
import type { Route } from './route.ts';
import type { ServerDeps } from './server-deps.ts';

/** What a request may count on once it was let in. */
export interface Admission {
  readonly identity: Identity | null;
  readonly user: string | undefined;
  readonly session: string | undefined;
}

/**
 * Lets a request in to a route, or throws `wrong-origin`, `signed-out` or `no-such-session`. Runs before a body
 * is read or a handler called, for HTTP and WebSocket alike.
 */
export async function admit(
  request: IncomingMessage,
  route: Pick<Route, 'method' | 'access'>,
  id: string | undefined,
  deps: Pick<ServerDeps, 'auth' | 'origin' | 'sessions'>,
): Promise<Admission> {
  const identity = await deps.auth.identify(request.headers);
  // No browser sends a bearer token by itself, so nobody's page can abuse one.
  checkOrigin(request.headers, deps.origin, route.method !== 'GET' && identity?.by !== 'bearer');
  if (route.access === 'watcher' && deps.auth.mayWatch(request.headers))
    return { identity, user: undefined, session: undefined };
  if (route.access === 'public') return { identity, user: undefined, session: undefined };
  if (!identity) throw new DrydockError('signed-out', 'This needs a sign-in, and there is none or it has ended.');
  const { user } = identity;
  if (route.access !== 'own-session') return { identity, user, session: undefined };
  if (!SessionId.safeParse(id).success || id === undefined)
    throw new DrydockError('no-such-session', 'There is no session of this id.');
  deps.sessions.get(user, id);
  return { identity, user, session: id };
}
