import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import express, { type Express } from 'express';
import { DrydockError } from '#contract';
import { OUTPUT_SHARE, shareOutput } from '../terminal/share-output.ts';
import { accessLog } from './access-log.ts';
import { mountRoutes } from './mount-routes.ts';
import { describeApi } from './openapi/describe-api.ts';
import { checkHost } from './origin/check-host.ts';
import { securityHeaders } from './origin/security-headers.ts';
import { answerProblem } from './problem/answer-problem.ts';
import { readiness } from './ready/readiness.ts';
import type { Route } from './route.ts';
import { ROUTES } from './routes.ts';
import type { HandlerDeps, ServerDeps } from './server-deps.ts';
import { serveSite } from './site/serve-site.ts';
import { upgrades } from './sockets/handle-upgrade.ts';

export interface App {
  readonly app: Express;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /** Says from now on that it takes nothing new, and closes every WebSocket. */
  close(): void;
}

/** The whole server without a port. `routes` is the table to serve. */
export function createApp(given: ServerDeps, routes: readonly Route[] = ROUTES): App {
  const { ask, drain } = readiness(given);
  const outputShare = shareOutput(OUTPUT_SHARE);
  const deps: HandlerDeps = { ...given, ready: ask, openApi: describeApi(routes), outputShare };
  const app = express();
  app.disable('x-powered-by').disable('etag').set('trust proxy', false);
  app.use(accessLog(deps));
  app.use(...securityHeaders());
  app.use((request, _response, next) => {
    checkHost(request, deps.origin);
    next();
  });
  mountRoutes(app, routes, deps);
  app.use('/api', (request) => {
    throw new DrydockError('not-found', `The server does not answer ${request.method} at this address.`);
  });
  app.use(...serveSite(deps.siteDir, deps.origin));
  app.use(answerProblem(deps));

  const sockets = upgrades(routes, deps);
  return {
    app,
    handleUpgrade: sockets.handle,
    close() {
      drain();
      sockets.close();
    },
  };
}
