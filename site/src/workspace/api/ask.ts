import { z } from 'zod';
import { Problem } from '#contract';

/** Why a request gave no answer to use. */
export type Failure =
  | { readonly kind: 'problem'; readonly status: number; readonly problem: Problem }
  /** Something answered, but it is not a runner: a plain file server, say. */
  | { readonly kind: 'no-runner' }
  | { readonly kind: 'unreachable' };

export class RequestFailed extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.kind === 'problem' ? failure.problem.message : failure.kind);
    this.failure = failure;
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type Ask = <T>(method: Method, path: string, answer: z.ZodType<T>, body?: unknown) => Promise<T>;

const Refusal = z.object({ error: Problem });

/** JSON both ways, same origin, with the cookie. Throws RequestFailed; nothing else is thrown by a bad answer. */
export function createAsk(request: typeof fetch): Ask {
  return async (method, path, answer, body) => {
    const response = await send(request, method, path, body);
    const json = await readJson(response);
    if (!response.ok) {
      const refusal = Refusal.safeParse(json);
      if (!refusal.success) throw new RequestFailed({ kind: 'no-runner' });
      throw new RequestFailed({ kind: 'problem', status: response.status, problem: refusal.data.error });
    }
    const parsed = answer.safeParse(json);
    if (!parsed.success) throw new RequestFailed({ kind: 'no-runner' });
    return parsed.data;
  };
}

/**
 * A GET without an answer is asked once more: Chromium drops requests when a network interface comes or goes on the
 * machine (ERR_NETWORK_CHANGED), and every lab that starts beside this one makes some.
 */
async function send(request: typeof fetch, method: Method, path: string, body: unknown): Promise<Response> {
  const once = () =>
    request(path, {
      method,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  try {
    return await (method === 'GET' ? once().catch(once) : once());
  } catch {
    throw new RequestFailed({ kind: 'unreachable' });
  }
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}
