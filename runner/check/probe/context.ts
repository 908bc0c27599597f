import type { Message } from '#contract';
import type { CheckerInput } from '../protocol.ts';
import { type Answer, type Exchange, exchange, type RequestOptions } from './http.ts';
import { jwt } from './jwt.ts';
import { type Random, seededRandom } from './random.ts';
import { type Asked, type Served, serveJson } from './serve.ts';

/** What a probe works with. */
export interface ProbeContext {
  /** One recorded request. Never throws for anything a service does; see Answer. */
  http(url: string, options?: RequestOptions): Promise<Answer>;
  /** The recorded exchange an answer belongs to, to show it as the decisive one. */
  exchangeOf(answer: Answer): Exchange;
  readonly jwt: typeof jwt;
  readonly random: Random;
  /** Per-launch secrets by name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** IPv4 address of a position, on a network this probe's position shares with it unless one is named. */
  address(position: string, network?: string): string;
  /** Serves JSON here until the probe ends. */
  serve(reply: (asked: Asked) => unknown, network?: string): Promise<Served>;
  message(id: string, params?: Record<string, string>): Message;
  /** Made once per run and shared by the probes of one position. */
  shared<T>(name: string, make: () => Promise<T>): Promise<T>;
  /** Ends the probe: an attack was not reached, a benign use fails. */
  stop(message: string, params?: Record<string, string>): never;
}

/** Thrown by `stop`: the learner's system is the reason, not the probe. */
export class Stopped extends Error {
  readonly id: string;
  readonly params: Record<string, string>;
  constructor(id: string, params: Record<string, string>) {
    super(id);
    this.id = id;
    this.params = params;
  }
}

export interface Recording {
  readonly t: ProbeContext;
  readonly exchanges: Exchange[];
  /** Closes whatever the probe serves. */
  end(): void;
}

/** The context of one probe. `signal` aborts when its time is up; `memory` is what the probes of this run share. */
export function createContext(
  input: CheckerInput,
  label: string,
  signal: AbortSignal,
  memory: Map<string, Promise<unknown>>,
): Recording {
  const exchanges: Exchange[] = [];
  const served: Served[] = [];
  const resolve = (host: string) => addressOf(input, host);
  const t: ProbeContext = {
    async http(url, options) {
      const done = await exchange({ resolve, signal }, url, options);
      exchanges.push(done);
      return done.answer;
    },
    exchangeOf(answer) {
      const found = exchanges.find((one) => one.answer === answer);
      if (!found) throw new Error('this answer was not recorded by this probe');
      return found;
    },
    jwt,
    random: seededRandom(input.seed, label),
    secrets: input.secrets,
    address(position, network) {
      const found = addressOf(input, position, network);
      if (!found)
        throw new Error(`no address of "${position}" ${network ? `on "${network}"` : 'is shared with this position'}`);
      return found;
    },
    async serve(reply, network) {
      const server = await serveJson(t.address(input.position, network), reply);
      served.push(server);
      return server;
    },
    message: (id, params = {}) => fillMessage(input.messages, id, params),
    shared<T>(name: string, make: () => Promise<T>): Promise<T> {
      const made = memory.get(name) ?? make();
      memory.set(name, made);
      return made as Promise<T>;
    },
    stop(id, params = {}) {
      throw new Stopped(id, params);
    },
  };
  const end = () => {
    for (const server of served) server.close();
  };
  return { t, exchanges, end };
}

function addressOf(input: CheckerInput, position: string, network?: string): string | undefined {
  const there = input.addresses[position] ?? {};
  if (network) return there[network];
  const here = Object.keys(input.addresses[input.position] ?? {});
  return here.map((name) => there[name]).find((address) => address !== undefined);
}

export function fillMessage(
  messages: Readonly<Record<string, string>>,
  id: string,
  params: Record<string, string>,
): Message {
  const text = (messages[id] ?? id).replace(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole);
  return { id, params, text };
}
