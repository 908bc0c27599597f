import type { RequestHandler, Response } from 'express';
import type { ServerDeps } from './server-deps.ts';

const LONGEST_PATH = 300;
/** Answered to nobody: the client had gone (a status of nginx's, never sent). */
const GONE = 499;

/**
 * Gives each request its id, never one that was sent along, and writes one line per answer. Never the query: a sign-in
 * token may be in it.
 */
export function accessLog({ log, trace, metrics, clock, newId }: ServerDeps): RequestHandler {
  return (request, response, next) => {
    const id = newId();
    const start = clock();
    response.setHeader('X-Request-Id', id);
    trace.run(id, () => {
      response.once(
        'close',
        trace.bind(() => {
          const { method } = request;
          const status = response.writableFinished ? response.statusCode : GONE;
          const milliseconds = Math.round(clock() - start);
          metrics.answered({ method, route: routeOf(response), status, seconds: milliseconds / 1000 });
          log.info({ method, path: loggedPath(request.originalUrl), status, milliseconds }, 'request');
        }),
      );
      next();
    });
  };
}

/** What is no route of the table is a page of the site, or nothing. */
function routeOf({ locals }: Response): string {
  return typeof locals['route'] === 'string' ? locals['route'] : 'site';
}

/** An address as the log may have it. */
export function loggedPath(url: string | undefined): string {
  const [path = ''] = (url ?? '').split(/[?#]/);
  return path.slice(0, LONGEST_PATH);
}
