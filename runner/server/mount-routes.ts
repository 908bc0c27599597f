import type { Express, Request, Response } from 'express';
import { admit } from './admit.ts';
import { tryLimit } from './limit-tries.ts';
import { parseInput, readQuery } from './parse-input.ts';
import { readBody } from './read-body.ts';
import type { Call, HttpMethod, HttpRoute, Reply, Route } from './route.ts';
import type { HandlerDeps } from './server-deps.ts';

const VERBS = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const satisfies Record<HttpMethod, string>;

/** Puts the HTTP routes of a table into an Express application. */
export function mountRoutes(app: Express, routes: readonly Route[], deps: HandlerDeps): void {
  for (const route of routes) {
    if (route.method !== 'WS') app[VERBS[route.method]](route.path, answerRoute(route, deps));
  }
}

function answerRoute(route: HttpRoute, deps: HandlerDeps) {
  const limit = route.tries && tryLimit(route.tries);
  return async (request: Request, response: Response): Promise<void> => {
    response.locals['route'] = route.path;
    const { id } = request.params;
    const admitted = await admit(request, route, typeof id === 'string' ? id : undefined, deps);
    await limit?.(request, response, admitted.user);
    const query = parseInput(route.query, readQuery(request.url));
    const body = route.method === 'GET' ? undefined : parseInput(route.body, await readBody(request, response));
    const call = { ...admitted, deps, query, body, request } as Call<typeof route.access>;
    send(response, route, await route.handle(call));
  };
}

function send(response: Response, route: HttpRoute, reply: Reply<unknown>): void {
  response.status(reply.status ?? route.status ?? 200).set('Cache-Control', 'no-store');
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if (reply.json === undefined) response.end(reply.text);
  else response.json(reply.json);
}
