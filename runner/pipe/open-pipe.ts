import { DrydockError, type FileContent, type FileEntry } from '#contract';
import type { Channel, Engine } from '../core/ports/engine.ts';
import { encodeFrame, frameDecoder } from './agent/frames.ts';
import { type AgentMessage, type AgentRefusal, type AgentRequest, LIMITS } from './agent/protocol.ts';
import { parseAnswer } from './parse-answer.ts';

/** One call of the `lab` command, still waiting for its answer. */
export interface LabCall {
  readonly argv: readonly string[];
  print(text: string): void;
  exit(code: number): void;
}

export interface Pipe {
  list(): Promise<FileEntry[]>;
  read(path: string): Promise<FileContent>;
  write(file: { path: string; content: string; version: string | null }): Promise<FileContent>;
  /** Every file of the workspace: path → content. */
  snapshot(): Promise<ReadonlyMap<string, Buffer>>;
  /** Makes files what they are to be, whatever they were; null removes. */
  put(files: ReadonlyMap<string, Uint8Array | null>): Promise<void>;
  close(): void;
  /** Resolves when the agent is gone, for whatever reason. */
  readonly closed: Promise<void>;
}

export interface PipeOptions {
  /** uid of the learner. */
  readonly user: string;
  /** The workspace in the workbench, absolute. */
  readonly root: string;
  readonly onLab: (call: LabCall) => void;
  /** Something in the workspace is not as it was; at most every two seconds from an honest agent. */
  readonly onChange: () => void;
}

const AGENT = ['/usr/local/bin/node', '/opt/drydock/agent/agent.ts'] as const;
const DEADLINE_MS = 15_000;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: DrydockError) => void;
}

/**
 * Starts the agent in a workbench and speaks with it over one exec's standard streams: the launch has no other
 * way to the runner. What the agent says is a learner's word: bounded, parsed, never executed or unpacked here.
 */
export async function openPipe(engine: Engine, container: string, options: PipeOptions): Promise<Pipe> {
  const channel = await engine.exec(container, { argv: [...AGENT, options.root], user: options.user });
  const waiting = new Map<number, Waiting>();
  const calls = new Set<number>();
  let lost: DrydockError | null = null;
  let next = 1;
  const hello = Promise.withResolvers<void>();
  const send = (request: AgentRequest) => channel.write(encodeFrame(request));
  const closed = pump(channel, receive).then(fail, fail);

  function fail() {
    const error = new DrydockError(
      'workbench-lost',
      'The connection into the workbench ended, so files cannot be reached.',
    );
    lost = error;
    hello.reject(error);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  function receive(message: AgentMessage) {
    if (message.type === 'hello') return hello.resolve();
    if (message.type === 'changed') return options.onChange();
    if (message.type === 'lab-gone') return void calls.delete(message.call);
    if (message.type === 'lab') {
      // Our agent lets fewer through; whoever does not read the answers may not collect them here.
      if (calls.size >= 4 * LIMITS.calls) throw new DrydockError('workbench-lost', 'Too many lab commands at once.');
      calls.add(message.call);
      return options.onLab(labCall(message.call, message.argv));
    }
    const question = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.type === 'answer') question?.resolve(message.value);
    else question?.reject(refusalError(message.refusal, message.message));
  }

  function labCall(call: number, argv: readonly string[]): LabCall {
    const unlessGone = async (request: AgentRequest) => {
      if (calls.has(call)) await send(request).catch(() => channel.close());
    };
    return {
      argv,
      print: (text) => void unlessGone({ op: 'lab-output', call, text }),
      exit: (code) => void unlessGone({ op: 'lab-exit', call, code }).then(() => calls.delete(call)),
    };
  }

  async function ask(request: (id: number) => AgentRequest): Promise<unknown> {
    if (lost) throw lost;
    const id = next++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    waiting.set(id, { resolve, reject });
    const timer = setTimeout(
      () => reject(new DrydockError('workbench-lost', `The workbench did not answer within ${DEADLINE_MS / 1000} s.`)),
      DEADLINE_MS,
    );
    try {
      // Sending waits for an agent that does not read, so the deadline runs beside it, not after it.
      send(request(id)).catch(reject);
      return await promise;
    } finally {
      clearTimeout(timer);
      waiting.delete(id);
    }
  }

  const helloTimer = setTimeout(
    () => hello.reject(new DrydockError('workbench-lost', 'The agent in the workbench did not start.')),
    DEADLINE_MS,
  );
  try {
    await hello.promise;
  } catch (error) {
    channel.close();
    throw error;
  } finally {
    clearTimeout(helloTimer);
  }
  return {
    list: async () => parseAnswer.list(await ask((id) => ({ id, op: 'list' }))),
    read: async (path) => parseAnswer.file(await ask((id) => ({ id, op: 'read', path }))),
    write: async (file) => parseAnswer.file(await ask((id) => ({ id, op: 'write', ...file }))),
    snapshot: async () => parseAnswer.snapshot(await ask((id) => ({ id, op: 'snapshot' }))),
    async put(files) {
      const list = [...files].map(([path, bytes]) => ({
        path,
        content: bytes === null ? null : Buffer.from(bytes).toString('base64'),
      }));
      await ask((id) => ({ id, op: 'put', files: list }));
    },
    close: () => channel.close(),
    closed,
  };
}

async function pump(channel: Channel, receive: (message: AgentMessage) => void): Promise<void> {
  const decode = frameDecoder(LIMITS.totalBytes * 2);
  try {
    for await (const { stream, bytes } of channel.output) {
      if (stream !== 'stdout') continue;
      for (const message of decode(bytes)) receive(parseAnswer.message(message));
    }
  } finally {
    channel.close();
  }
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

function refusalError(refusal: AgentRefusal, message: string): DrydockError {
  return REFUSALS[refusal](message);
}
