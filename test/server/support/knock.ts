import type { Route } from '../../../runner/server/route.ts';
import { type Answer, ask } from './ask.ts';
import { openTerminal } from './open-terminal.ts';
import type { TestServer } from './start-server.ts';

/** A query and a body that each route which needs one accepts. */
const QUERIES: Readonly<Record<string, string>> = {
  'GET /api/sessions/:id/file': '?path=compose.yaml',
  'WS /api/sessions/:id/terminal': '?target=workbench',
};
const BODIES: Readonly<Record<string, unknown>> = {
  'POST /api/sessions': { lab: 'access-control' },
  'PUT /api/sessions/:id/file': { path: 'notes.txt', content: 'x', version: null },
  'POST /api/sessions/:id/reset': { all: true },
  'POST /api/sessions/:id/check': {},
  'POST /api/sessions/:id/flags': { task: 'verify-signature', flag: 'x' },
  'POST /api/sessions/:id/hints': { task: 'verify-signature' },
};

export const routeName = (route: Pick<Route, 'method' | 'path'>) => `${route.method} ${route.path}`;

export interface Knocked extends Pick<Answer, 'status'> {
  /** Media type without parameters. */
  readonly type: string;
  readonly json: unknown;
}

/** Asks a route for what it does, as our own page would. */
export async function knock(server: TestServer, route: Route, id: string, cookie?: string): Promise<Knocked> {
  const headers = { origin: server.origin, ...(cookie === undefined ? {} : { cookie }) };
  if (route.method === 'WS') {
    const { status, client } = await openTerminal(server, id, headers);
    client?.ws.terminate();
    return { status, type: '', json: null };
  }
  const body = BODIES[routeName(route)];
  const {
    status,
    headers: answered,
    ...answer
  } = await ask(server.port, {
    method: route.method,
    path: route.path.replace(':id', id) + (QUERIES[routeName(route)] ?? ''),
    headers,
    ...(body === undefined ? {} : { body }),
  });
  const [type = ''] = (answered['content-type'] ?? '').split(';');
  return { status, type, json: type === 'application/json' ? answer.json() : null };
}

/** In an order in which each still finds what it needs: what ends a session or a sign-in comes last. */
export function endingsLast(routes: readonly Route[]): Route[] {
  const order = ({ method, path }: Route) => (method === 'DELETE' || path === '/api/sign-out' ? 1 : 0);
  return routes.toSorted((a, b) => order(a) - order(b));
}
