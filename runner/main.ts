import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { DrydockError } from '#contract';
import { runCheck } from './check/run-check.ts';
import { LOCAL_LIFETIME } from './core/session/lifetime.ts';
import { openCanary } from './engine/canary/open-canary.ts';
import { type DockerAddress, parseDockerHost } from './engine/connect.ts';
import { dockerEngine } from './engine/docker/docker-engine.ts';
import { resolveImages } from './engine/images/resolve-images.ts';
import { machineMemory } from './engine/machine-memory.ts';
import { subnetPool } from './engine/subnets.ts';
import { loadLibrary } from './library/load-library.ts';
import { createLog } from './observe/create-log.ts';
import { createMetrics } from './observe/metrics.ts';
import { observedEngine } from './observe/observed-engine.ts';
import type { Observer } from './observe/observer.ts';
import { createTrace } from './observe/trace.ts';
import { watchWork } from './observe/watch-work.ts';
import { COOKIE_LIFE, createAuth } from './server/auth/create-auth.ts';
import { keptCookies } from './server/auth/kept-cookies.ts';
import { createApp } from './server/create-app.ts';
import { listen } from './server/listen/listen.ts';
import { originPolicy } from './server/origin/origin-policy.ts';
import { partReady } from './server/ready/part-ready.ts';
import { createSessions } from './session/create-sessions.ts';
import type { RunningSessions } from './session/running-sessions.ts';
import { keepSecret } from './store/keep-secret.ts';
import { openStore } from './store/open-store.ts';
import { attachShell } from './terminal/attach-shell.ts';

export interface ServeOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Where this runner keeps what must outlive it. */
  readonly home: string;
  readonly publicUrl?: string;
  readonly address?: DockerAddress;
  /** Where the log goes: a file path; without one, standard error. */
  readonly logFile?: string;
}

export interface Serving {
  readonly url: string;
  /** A fresh link each time; works once, for 15 minutes. */
  signInUrl(): string;
  /** Takes nothing new, lets work under way end and saves everything; the labs go on, for the next runner to take up. */
  close(): Promise<void>;
  /** As close, and stops every lab; resolves when nothing of them is left on the engine. */
  stopAll(): Promise<void>;
}

const ROOT = join(import.meta.dirname, '..');
/** The one person a runner on a loopback address serves. */
const LOCAL_USER = 'local';
/** Twice within the 10 s in which a container that is removed from outside has to be noticed. */
const SWEEP_EVERY_MS = 5_000;
const REAP_EVERY_MS = 20_000;

/** Puts the whole together: engine, labs, sessions, server. Throws DrydockError when the machine is not ready. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const listening = await listen({ host: options.host, port: options.port });
  try {
    return await serveOn(listening, options);
  } catch (error) {
    await listening.close();
    throw error;
  }
}

async function serveOn(listening: Awaited<ReturnType<typeof listen>>, options: ServeOptions): Promise<Serving> {
  const random = (bytes: number) => randomBytes(bytes).toString('hex');
  const newId = () => random(6);
  const clock = () => performance.now();
  const trace = createTrace(newId);
  const log = createLog(trace, process.env.DRYDOCK_LOG ?? 'info', pino.destination(options.logFile ?? 2));
  const observer = { trace, log, metrics: createMetrics(), clock };
  const watch = watchWork(observer);
  const engine = observedEngine(
    dockerEngine({ address: options.address ?? parseDockerHost(process.env.DOCKER_HOST) }),
    observer,
  );
  const [store, library, image, owner, key, metricsToken] = await Promise.all([
    openStore({ file: join(options.home, 'drydock.sqlite') }),
    loadLibrary(ROOT),
    resolveImages(ROOT),
    keepSecret(join(options.home, 'owner'), () => random(8)),
    keepSecret(join(options.home, 'key'), () => random(32)),
    keepSecret(join(options.home, 'metrics-token'), () => random(32)),
  ]);
  const sandbox = {
    // Both are facts of the kernel under the engine; the engine is on this machine.
    ipv6: existsSync('/proc/sys/net/ipv6'),
    appArmor: existsSync('/sys/kernel/security/apparmor/profiles'),
  };
  const sessions = createSessions({
    engine,
    image,
    owner,
    key: Buffer.from(key, 'hex'),
    random,
    subnets: subnetPool(),
    sandbox,
    clock: Date.now,
    monotonic: clock,
    store,
    lifetime: LOCAL_LIFETIME,
    memory: () => machineMemory(async () => (await engine.facts()).memoryBytes),
    startsAtOnce: Math.max(1, availableParallelism() - 1),
    watch,
    warn: (what, error) => log.warn({ error: (error as Error).message }, what),
    isolation: {
      canary: openCanary,
      tell: (result, what) => (result === 'isolated' ? log.info({ result }, what) : log.error({ result }, what)),
    },
    library,
    attachShell,
    check(target, id, tasks) {
      const lab = library.get(id);
      if (!lab) throw new DrydockError('no-such-lab', `There is no lab "${id}".`);
      return watch.timed('check', () => runCheck({ engine, image, sandbox, random }, target, lab, tasks));
    },
  });
  const cookies = await keptCookies(store, { clock, wall: Date.now }, COOKIE_LIFE);
  const auth = createAuth({ clock, randomBytes, cookies, metricsToken });
  const origin = originPolicy({ port: listening.port, publicUrl: options.publicUrl });
  const app = createApp({
    sessions,
    auth,
    origin,
    siteDir: join(ROOT, 'site', 'dist'),
    newId,
    ready: () =>
      Promise.all([
        partReady('engine', () => engine.facts()),
        partReady('store', () => store.probe()),
        partReady('isolation', sessions.requireIsolation, 'No lab was found to reach what it may not.'),
      ]),
    ...observer,
  });
  observer.metrics.countSessions(() => sessions.states());
  observer.metrics.countIsolation(() => sessions.isolation());
  await trace.apart(() => sessions.resume());
  const stopSweeping = sweepOften(sessions, observer);
  listening.serve(app);
  const url = origin.origins[0] ?? '';
  return {
    url,
    signInUrl: () => `${url}/sign-in?token=${auth.issueToken(LOCAL_USER)}`,
    async close() {
      await trace.apart(() => end(() => sessions.drain()));
    },
    async stopAll() {
      await trace.apart(() => end(() => sessions.stopAll()));
    },
  };

  async function end(settle: () => Promise<void>): Promise<void> {
    stopSweeping();
    await listening.close();
    try {
      await settle();
    } finally {
      await store[Symbol.asyncDispose]();
      log.flush();
    }
  }
}

/** Looks after sessions and launches from now on; the answer ends it. */
function sweepOften(sessions: RunningSessions, { log, trace, metrics }: Observer): () => void {
  const warn = (what: string) => (error: unknown) => log.warn({ error: (error as Error).message }, what);
  const sweep = () => sessions.sweep().catch(warn('looking after the sessions failed'));
  const reap = () =>
    sessions.reap().then((launches) => {
      metrics.reaped(launches.length);
      if (launches.length > 0) log.info({ launches }, 'removed launches nobody holds');
    }, warn('looking for launches nobody holds failed'));
  const timers = [[sweep, SWEEP_EVERY_MS] as const, [reap, REAP_EVERY_MS] as const].map(([look, every]) =>
    setInterval(() => trace.apart(look), every),
  );
  void trace.apart(reap);
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}
