import { request as httpRequest, type IncomingMessage, type RequestOptions as NodeOptions } from 'node:http';

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  /** Milliseconds for the whole exchange, at most 5000. */
  readonly timeout?: number;
}

/** What came back. A service cannot make a request throw: whatever it does ends up in `status` or `failure`. */
export interface Answer {
  /** 0 when there was no complete answer. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Why there is no complete answer, in words; '' when there is one. */
  readonly failure: string;
  /** A text member of a JSON object answer, or ''. */
  field(name: string): string;
  /** The body as JSON, or undefined. */
  json(): unknown;
}

export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly answer: Answer;
}

export interface HttpDeps {
  /** Host name of a position → its IPv4 address here, or undefined. */
  readonly resolve: (host: string) => string | undefined;
  readonly signal: AbortSignal;
}

const BODY_LIMIT = 1024 * 1024;
const TIMEOUT = 5000;

/** One HTTP request: no redirect is followed, nothing is decompressed, 1 MiB and 5 s at most. Throws only on a wrong URL. */
export async function exchange(deps: HttpDeps, url: string, options: RequestOptions = {}): Promise<Exchange> {
  const sent = prepare(url, options);
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const fail = (failure: string) => resolve(answerOf(0, {}, '', failure));
  const target = new URL(url);
  if (target.protocol !== 'http:') throw new Error(`probes speak http, not ${target.protocol}`);
  const timeout = Math.min(options.timeout ?? TIMEOUT, TIMEOUT);
  const timer = setTimeout(() => stop(`no complete answer within ${timeout} ms`), timeout);
  const outgoing = httpRequest({ ...address(deps, target), method: sent.method, headers: sent.headers, agent: false });
  const stop = (why: string) => {
    fail(why);
    outgoing.destroy();
  };
  const late = () => stop('the time for this probe ran out');
  deps.signal.addEventListener('abort', late);
  if (deps.signal.aborted) late();
  outgoing.on('response', (response) => collect(response, resolve, stop));
  outgoing.on('error', (error: NodeJS.ErrnoException) => fail(reasonOf(error)));
  outgoing.on('upgrade', () => stop('the connection was switched to another protocol'));
  outgoing.on('close', () => fail('the connection was closed without an answer'));
  outgoing.end(sent.body);
  const answer = await promise;
  clearTimeout(timer);
  deps.signal.removeEventListener('abort', late);
  return { ...sent, url, answer };
}

function prepare(url: string, options: RequestOptions) {
  const text =
    typeof options.body === 'string' ? options.body : options.body === undefined ? '' : JSON.stringify(options.body);
  const json = options.body !== undefined && typeof options.body !== 'string';
  const headers: Record<string, string> = {
    host: new URL(url).host,
    ...(json ? { 'content-type': 'application/json' } : {}),
    ...(text ? { 'content-length': String(Buffer.byteLength(text)) } : {}),
    ...options.headers,
  };
  return { method: options.method ?? (text ? 'POST' : 'GET'), headers, body: text };
}

/** Addresses come from the engine, never from a name server of the lab. */
function address(deps: HttpDeps, target: URL): NodeOptions {
  const literal = /^\d+\.\d+\.\d+\.\d+$/.test(target.hostname) ? target.hostname : undefined;
  const host = literal ?? deps.resolve(target.hostname);
  if (!host) throw new Error(`"${target.hostname}" is no position reached from here`);
  return { host, port: target.port || 80, path: `${target.pathname}${target.search}` };
}

function collect(response: IncomingMessage, resolve: (answer: Answer) => void, stop: (why: string) => void) {
  const chunks: Buffer[] = [];
  let held = 0;
  response.on('data', (chunk: Buffer) => {
    held += chunk.length;
    if (held > BODY_LIMIT) return stop('the answer is larger than 1 MiB');
    chunks.push(chunk);
  });
  response.on('end', () => {
    const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
    resolve(
      answerOf(response.statusCode ?? 0, Object.fromEntries(headers), Buffer.concat(chunks).toString('utf8'), ''),
    );
  });
  response.on('error', () => stop('the answer broke off'));
  response.on('aborted', () => stop('the answer broke off'));
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'ECONNREFUSED') return 'nothing listens there';
  if (error.code === 'ECONNRESET') return 'the connection was reset';
  if (error.code?.startsWith('HPE_')) return 'the answer is not HTTP';
  return `no answer (${error.code ?? error.message})`;
}

export function answerOf(status: number, headers: Record<string, string>, body: string, failure: string): Answer {
  const json = () => {
    try {
      return JSON.parse(body) as unknown;
    } catch {
      return undefined;
    }
  };
  const field = (name: string) => {
    const value = json();
    const member: unknown =
      value && typeof value === 'object' && Object.hasOwn(value, name) ? Reflect.get(value, name) : '';
    return typeof member === 'string' ? member : '';
  };
  return { status, headers, body, failure, json, field };
}
