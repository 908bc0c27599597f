import type { IncomingMessage } from 'node:http';
import type { ZodType } from 'zod';
import type { ErrorName } from '#contract';
import type { TerminalSocket } from '../terminal/terminal-socket.ts';
import type { Identity } from './auth/identity.ts';
import type { HandlerDeps } from './server-deps.ts';

/**
 * Who may use a route: anybody; whoever is signed in or shows the metrics token; whoever is signed in; or the owner of
 * the session named by `:id` (to everybody else that session does not exist).
 */
export type Access = 'public' | 'watcher' | 'signed-in' | 'own-session';

type Who = {
  public: { readonly identity: Identity | null };
  watcher: { readonly identity: Identity | null };
  'signed-in': { readonly identity: Identity; readonly user: string };
  'own-session': { readonly identity: Identity; readonly user: string; readonly session: string };
};

/** What a handler is given: everything in it was checked already. */
export type Call<A extends Access, Body = unknown, Query = unknown> = Who[A] & {
  readonly deps: HandlerDeps;
  readonly body: Body;
  readonly query: Query;
  readonly request: Pick<IncomingMessage, 'method' | 'headers'>;
};

export interface Reply<Answer> {
  /** What the table says for this route, unless said here. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: Answer;
  /** An answer that is no JSON; its type is in the headers. */
  readonly text?: string;
}

type Path<A extends Access> = A extends 'own-session' ? `/api/sessions/:id${string}` : `/${string}`;

interface Details<Body, Query, Answer> {
  readonly body?: ZodType<Body>;
  readonly query?: ZodType<Query>;
  /** What the handler answers; tests hold every answer to it. */
  readonly answer?: ZodType<unknown, Answer>;
  /** Of an answer that went well; 200 unless said. */
  readonly status?: number;
  /** Another status that is answered in the same shape. */
  readonly also?: number;
  /** Media type of an answer that is no JSON. */
  readonly type?: string;
  /** What of the catalogue it may answer, besides what access, body, query and tries bring along. */
  readonly problems?: readonly ErrorName[];
  /** Tries a minute, per user (per address when nobody is signed in); `failures` counts only the refused ones. */
  readonly tries?: { readonly most: number; readonly failures?: boolean };
}

interface Common extends Details<unknown, unknown, unknown> {
  readonly path: string;
  readonly access: Access;
}
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';
export interface HttpRoute extends Common {
  readonly method: HttpMethod;
  handle(call: Call<Access>): Reply<unknown> | Promise<Reply<unknown>>;
}
export interface SocketRoute extends Common {
  readonly method: 'WS';
  handle(call: Call<Access>, socket: TerminalSocket): Promise<void>;
}
export type Route = HttpRoute | SocketRoute;

export function route<A extends Access, Body, Query, Answer>(
  method: HttpMethod,
  path: Path<A>,
  access: A,
  handle: (call: Call<A, Body, Query>) => Reply<Answer> | Promise<Reply<Answer>>,
  details: Details<Body, Query, Answer> = {},
): HttpRoute {
  // admit() and readCall() give each handler the call its access and schemas promise.
  return {
    method,
    path,
    access,
    handle: handle as HttpRoute['handle'],
    ...(details as Details<unknown, unknown, unknown>),
  };
}

export function socket<A extends Access, Query>(
  path: Path<A>,
  access: A,
  handle: (call: Call<A, unknown, Query>, socket: TerminalSocket) => Promise<void>,
  details: Pick<Details<unknown, Query, unknown>, 'query'> = {},
): SocketRoute {
  return {
    method: 'WS',
    path,
    access,
    handle: handle as SocketRoute['handle'],
    ...(details as Details<unknown, unknown, unknown>),
  };
}
