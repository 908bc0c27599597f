import type { z } from 'zod';
import { DrydockError, ERRORS, type ErrorName, Problem, Session } from '#contract';

/** All that matters here of a session. */
const Opened = Session.pick({ id: true, state: true, problem: true });
type Opened = z.infer<typeof Opened>;

/** What a browser does to the server, as far as it is measured. Throws the server's problems as DrydockErrors. */
export interface BenchClient {
  ask<S extends z.ZodType>(schema: S, method: string, path: string, body?: unknown): Promise<z.infer<S>>;
  /** Opens the lab and waits until it is ready. */
  open(lab: string): Promise<Opened>;
  stop(session: string): Promise<void>;
  /** A WebSocket to a path of the server, signed in. */
  socket(path: string): WebSocket;
}

/** As often as the lab page asks while a lab opens it would cost the measurement nothing; this is finer. */
const LOOK_AGAIN_MS = 10;

export async function benchClient(server: { url: string; link: string }): Promise<BenchClient> {
  const cookie = await signIn(server.link);
  const headers = { cookie, origin: server.url };

  const client: BenchClient = {
    async ask(schema, method, path, body) {
      const answer = await fetch(`${server.url}${path}`, {
        method,
        headers: { ...headers, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }).catch((cause) => {
        throw new DrydockError('internal', 'The server under measurement does not answer any more.', { cause });
      });
      const json = (await answer.json()) as { error?: unknown };
      if (!answer.ok) throw fromProblem(json.error);
      return schema.parse(json);
    },
    async open(lab) {
      let session = await client.ask(Opened, 'POST', '/api/sessions', { lab });
      while (session.state === 'opening') {
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
        session = await client.ask(Opened, 'GET', `/api/sessions/${session.id}`);
      }
      if (session.state !== 'ready') throw fromProblem(session.problem);
      return session;
    },
    async stop(session) {
      await client.ask(Opened, 'DELETE', `/api/sessions/${session}`);
    },
    socket: (path) => new WebSocket(`${server.url.replace(/^http/, 'ws')}${path}`, { headers }),
  };
  return client;
}

async function signIn(link: string): Promise<string> {
  const answer = await fetch(link, { redirect: 'manual' });
  const [cookie] = (answer.headers.get('set-cookie') ?? '').split(';');
  if (cookie) return cookie;
  throw new DrydockError('internal', `Signing in to the server under measurement was answered with ${answer.status}.`);
}

function fromProblem(value: unknown): DrydockError {
  const problem = Problem.safeParse(value);
  if (!problem.success) return new DrydockError('internal', 'The server under measurement gave no reason.');
  const { name, message, hint, at } = problem.data;
  return new DrydockError(Object.hasOwn(ERRORS, name) ? (name as ErrorName) : 'internal', message, { hint, at });
}
