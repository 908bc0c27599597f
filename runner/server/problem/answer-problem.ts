import type { ErrorRequestHandler } from 'express';
import type { ServerDeps } from '../server-deps.ts';
import { problemPage } from './problem-page.ts';
import { toDrydockError } from './to-drydock-error.ts';

/** The one place where an error becomes an HTTP answer: JSON for programs, a page for a person's navigation. */
export function answerProblem(deps: Pick<ServerDeps, 'log' | 'trace' | 'newId'>): ErrorRequestHandler {
  return (thrown, request, response, next) => {
    if (response.headersSent) return next(thrown);
    const error = toDrydockError(thrown, deps);
    response.status(error.status).set('Cache-Control', 'no-store');
    if (error.retryAfter !== null) response.set('Retry-After', `${error.retryAfter}`);
    if (!request.path.startsWith('/api/') && request.accepts(['json', 'html']) === 'html') {
      response.type('html').send(problemPage(error));
    } else {
      response.json({ error: error.toProblem() });
    }
  };
}
