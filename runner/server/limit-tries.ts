import type { Request, Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import { DrydockError } from '#contract';
import type { Route } from './route.ts';

/** Counts a try; throws `too-many-requests` beyond the route's number in a minute. */
export type TryLimit = (request: Request, response: Response, user: string | undefined) => Promise<void>;

export function tryLimit(tries: NonNullable<Route['tries']>): TryLimit {
  const users = new WeakMap<object, string>();
  const limit = rateLimit({
    windowMs: 60_000,
    limit: tries.most,
    skipSuccessfulRequests: tries.failures ?? false,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Forwarded addresses count nothing, so behind a proxy everybody not signed in shares one budget.
    keyGenerator: (request) => users.get(request) ?? request.socket.remoteAddress ?? '',
    handler: (_request, _response, next) =>
      next(new DrydockError('too-many-requests', `At most ${tries.most} a minute.`)),
    validate: false,
  });
  return (request, response, user) =>
    new Promise<void>((resolve, reject) => {
      if (user !== undefined) users.set(request, `user ${user}`);
      void limit(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
    });
}
