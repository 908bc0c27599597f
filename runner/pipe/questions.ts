import { DrydockError } from '#contract';
import { type AgentMessage, type AgentRefusal, type AgentRequest, LIMITS } from './agent/protocol.ts';

export const DEADLINE_MS = 15_000;

type Reply = Extract<AgentMessage, { type: 'answer' | 'part' | 'refusal' }>;

export interface Answered {
  readonly value: unknown;
  readonly parts: ReadonlyMap<string, Buffer>;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: DrydockError) => void;
  readonly parts: Map<string, Buffer>;
  bytes: number;
}

export interface Questions {
  ask(request: (id: number) => AgentRequest): Promise<Answered>;
  receive(reply: Reply): void;
  fail(error: DrydockError): void;
}

/** Pairs answers with questions. An answer to no question is passed over: it may be late. */
export function questions(send: (request: AgentRequest) => Promise<void>): Questions {
  const waiting = new Map<number, Waiting>();
  let lost: DrydockError | null = null;
  let next = 1;

  function addPart({ id, path, content }: Extract<Reply, { type: 'part' }>) {
    const question = waiting.get(id);
    if (!question) return;
    const bytes = Buffer.from(content, 'base64');
    question.bytes += bytes.length;
    if (question.parts.size >= LIMITS.files || question.bytes > LIMITS.totalBytes)
      return question.reject(new DrydockError('too-large', 'The workspace holds more than it may.'));
    question.parts.set(path, bytes);
  }

  return {
    async ask(request) {
      if (lost) throw lost;
      const id = next++;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const parts = new Map<string, Buffer>();
      waiting.set(id, { resolve, reject, parts, bytes: 0 });
      const timer = setTimeout(
        () =>
          reject(new DrydockError('workbench-lost', `The workbench did not answer within ${DEADLINE_MS / 1000} s.`)),
        DEADLINE_MS,
      );
      try {
        // Sending waits for an agent that does not read, so the deadline runs beside it, not after it.
        send(request(id)).catch(reject);
        return { value: await promise, parts };
      } finally {
        clearTimeout(timer);
        waiting.delete(id);
      }
    },
    receive(reply) {
      if (reply.type === 'part') return addPart(reply);
      const question = waiting.get(reply.id);
      waiting.delete(reply.id);
      if (reply.type === 'answer') question?.resolve(reply.value);
      else question?.reject(REFUSALS[reply.refusal](reply.message));
    },
    fail(error) {
      lost = error;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    },
  };
}

const REFUSALS: Record<AgentRefusal, (message: string) => DrydockError> = {
  missing: (message) => new DrydockError('no-such-file', message),
  changed: (message) => new DrydockError('file-changed', message),
  'not-text': (message) => new DrydockError('bad-request', message),
  'not-a-file': (message) => new DrydockError('bad-request', message),
  outside: (message) => new DrydockError('bad-request', message),
  'too-large': (message) => new DrydockError('too-large', message),
  failed: (message) => new DrydockError('bad-request', message),
};
