import type { RequestHandler } from 'express';
import type { ServerDeps } from './server-deps.ts';

const LONGEST_PATH = 300;

/** One line per answer. Never the query: a sign-in token may be in it. */
export function accessLog({ log, clock }: Pick<ServerDeps, 'log' | 'clock'>): RequestHandler {
  return (request, response, next) => {
    const start = clock();
    response.once('close', () => {
      const milliseconds = Math.round(clock() - start);
      log.info(
        { method: request.method, path: loggedPath(request.originalUrl), status: response.statusCode, milliseconds },
        'request',
      );
    });
    next();
  };
}

/** An address as the log may have it. */
export function loggedPath(url: string | undefined): string {
  const [path = ''] = (url ?? '').split(/[?#]/);
  return path.slice(0, LONGEST_PATH);
}
