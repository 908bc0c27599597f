import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { TestContext } from 'node:test';
import { createLog } from '../../../runner/observe/create-log.ts';
import { createMetrics } from '../../../runner/observe/metrics.ts';
import type { Observer } from '../../../runner/observe/observer.ts';
import { createTrace } from '../../../runner/observe/trace.ts';
import { type Auth, createAuth } from '../../../runner/server/auth/create-auth.ts';
import { createApp } from '../../../runner/server/create-app.ts';
import { type ListenOptions, listen } from '../../../runner/server/listen/listen.ts';
import { type OriginPolicy, originPolicy } from '../../../runner/server/origin/origin-policy.ts';
import type { Route } from '../../../runner/server/route.ts';
import { ROUTES } from '../../../runner/server/routes.ts';
import type { Part } from '../../../runner/server/server-deps.ts';
import { type MemorySessions, memorySessions } from './memory-sessions.ts';

export const BEARER = randomBytes(32).toString('base64url');
export const METRICS_TOKEN = randomBytes(32).toString('hex');

export interface TestServer {
  readonly port: number;
  readonly origin: string;
  readonly sessions: MemorySessions;
  readonly auth: Auth;
  /** What the server watches itself with. */
  readonly observer: Observer;
  readonly siteDir: string;
  /** Every line logged so far, as text. */
  log(): string;
  /** A Cookie header of a browser signed in as this user. */
  cookie(user: string): Promise<string>;
  /** Moves the server's clock on by milliseconds. */
  advance(milliseconds: number): void;
  close(): Promise<void>;
}

interface Options {
  readonly sessions?: MemorySessions;
  readonly origin?: (real: OriginPolicy) => OriginPolicy;
  readonly publicUrl?: string;
  readonly routes?: readonly Route[];
  readonly observer?: (real: Observer) => Observer;
  readonly ready?: () => Promise<readonly Part[]>;
  readonly timeouts?: ListenOptions['timeouts'];
}

/** The real server on a free loopback port, gone when the test ends. */
export async function startServer(t: TestContext, options: Options = {}): Promise<TestServer> {
  const lines: string[] = [];
  let ahead = 0;
  const clock = () => performance.now() + ahead;
  const siteDir = await mkdtemp(join(tmpdir(), 'drydock-site-'));
  const listening = await listen({ host: '127.0.0.1', port: 0, timeouts: options.timeouts ?? {} });
  const { port } = listening;
  const sessions = options.sessions ?? memorySessions();
  const auth = createAuth({ clock, randomBytes, bearer: { token: BEARER, user: 'ann' }, metricsToken: METRICS_TOKEN });
  const real = originPolicy({ port, publicUrl: options.publicUrl });
  const trace = createTrace(randomUUID);
  const log = createLog(trace, 'debug', { write: (line: string) => void lines.push(line) });
  const watched = { trace, log, clock, metrics: createMetrics() };
  const observer = options.observer?.(watched) ?? watched;
  const origin = options.origin?.(real) ?? real;
  listening.serve(
    createApp(
      {
        sessions,
        auth,
        origin,
        siteDir,
        ...observer,
        newId: randomUUID,
        ready: options.ready ?? (async () => [{ name: 'engine', ok: true, message: 'Answers.' }]),
      },
      options.routes ?? ROUTES,
    ),
  );
  let closing: Promise<void> | null = null;
  const close = () => (closing ??= listening.close());
  t.after(async () => {
    await close();
    await rm(siteDir, { recursive: true });
  });
  return {
    port,
    sessions,
    auth,
    observer,
    siteDir,
    close,
    origin: `http://127.0.0.1:${port}`,
    log: () => lines.join(''),
    async cookie(user) {
      const signedIn = await auth.exchange(auth.issueToken(user));
      return `__Host-drydock=${signedIn?.cookie}`;
    },
    advance: (milliseconds) => {
      ahead += milliseconds;
    },
  };
}
