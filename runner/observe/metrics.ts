import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { SessionState } from '#contract';
import { ISOLATION_RESULTS, type IsolationResult } from '../core/ports/isolation.ts';
import type { Work } from '../core/ports/watch.ts';
import type { Outcome } from './outcome.ts';

/** What is counted. Every label comes from a list of ours, so that no visitor can make the numbers grow without end. */
export interface Metrics {
  /** `route` is the path as the table writes it. */
  answered(request: { method: string; route: string; status: number; seconds: number }): void;
  socketOpened(): void;
  socketClosed(): void;
  engineCalled(call: { call: string; outcome: Outcome; seconds: number }): void;
  worked(work: { work: Work; outcome: Outcome; seconds: number }): void;
  reaped(launches: number): void;
  /** Asks for the sessions' states each time somebody looks. */
  countSessions(states: () => Iterable<SessionState>): void;
  /** Asks for what the last probe of each launch found, each time somebody looks. */
  countIsolation(results: () => Iterable<IsolationResult>): void;
  /** Everything in Prometheus' text format 0.0.4. */
  text(): Promise<string>;
}

/** Media type of what `text()` gives. */
export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'WS']);
const QUICK = [0.005, 0.02, 0.1, 0.5, 2, 10];
const LONG = [0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'drydock_http_request_seconds',
    help: 'HTTP answers and WebSocket handshakes, by route of the table.',
    labelNames: ['method', 'route', 'status'],
    buckets: QUICK,
    registers,
  });
  const sockets = new Gauge({ name: 'drydock_sockets', help: 'WebSockets open now.', registers });
  const calls = new Histogram({
    name: 'drydock_engine_call_seconds',
    help: 'Calls of the container engine, by name and by how they ended.',
    labelNames: ['call', 'outcome'],
    buckets: QUICK,
    registers,
  });
  const work = new Histogram({
    name: 'drydock_work_seconds',
    help: 'Starts, applies and checks of labs, by how they ended.',
    labelNames: ['work', 'outcome'],
    buckets: LONG,
    registers,
  });
  const reaped = new Counter({
    name: 'drydock_reaped_launches_total',
    help: 'Launches that nobody held and that were removed.',
    registers,
  });
  let states: () => Iterable<SessionState> = () => [];
  new Gauge({
    name: 'drydock_sessions',
    help: 'Sessions, by state.',
    labelNames: ['state'],
    registers,
    collect() {
      for (const state of SessionState.options) this.set({ state }, 0);
      for (const state of states()) this.inc({ state });
    },
  });
  let results: () => Iterable<IsolationResult> = () => [];
  new Gauge({
    name: 'drydock_isolation',
    help: 'Launches, by what the last probe of their isolation found: broken, one could reach what none may; dead, the network carries nothing.',
    labelNames: ['result'],
    registers,
    collect() {
      for (const result of ISOLATION_RESULTS) this.set({ result }, 0);
      for (const result of results()) this.inc({ result });
    },
  });
  return {
    answered: ({ method, route, status, seconds }) =>
      requests.observe({ method: METHODS.has(method) ? method : 'other', route, status }, seconds),
    socketOpened: () => sockets.inc(),
    socketClosed: () => sockets.dec(),
    engineCalled: ({ call, outcome, seconds }) => calls.observe({ call, outcome }, seconds),
    worked: ({ seconds, ...labels }) => work.observe(labels, seconds),
    reaped: (launches) => reaped.inc(launches),
    countSessions(read) {
      states = read;
    },
    countIsolation(read) {
      results = read;
    },
    text: () => registry.metrics(),
  };
}
