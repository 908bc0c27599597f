import { setImmediate as turn } from 'node:timers/promises';
import { DrydockError, type FileContent, type FileEntry } from '#contract';
import type { Channel, Engine } from '../core/ports/engine.ts';
import { encodeFrame, frameDecoder } from './agent/frames.ts';
import { type AgentMessage, type AgentRequest, type CloseReason, LIMITS, type PutFolder } from './agent/protocol.ts';
import { createStreams } from './agent/streams.ts';
import { type LabCall, labCalls } from './lab-calls.ts';
import { parseAnswer } from './parse-answer.ts';
import { putBatches } from './put-batches.ts';
import { DEADLINE_MS, questions } from './questions.ts';
import { type Tunnel, tunnels } from './tunnels.ts';

export interface Pipe {
  list(): Promise<FileEntry[]>;
  read(path: string): Promise<FileContent>;
  write(file: { path: string; content: string; version: string | null }): Promise<FileContent>;
  /** Every file of the workspace: path → content. */
  snapshot(): Promise<ReadonlyMap<string, Buffer>>;
  /** Makes files what they are to be, whatever they were; null removes. */
  put(files: ReadonlyMap<string, Uint8Array | null>, folder?: PutFolder): Promise<void>;
  /**
   * Connects to a host and port that the workbench reaches; 32 at a time. Throws `service-not-ready` when nothing
   * answers there, `too-many-requests`, and `workbench-lost`.
   */
  tunnel(host: string, port: number): Promise<Tunnel>;
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

const lost = () =>
  new DrydockError('workbench-lost', 'The connection into the workbench ended, so files cannot be reached.');

/**
 * Starts the agent in a workbench and speaks with it over one exec's standard streams: the launch has no other
 * way to the runner. What the agent says is a learner's word: bounded, parsed, never executed or unpacked here.
 */
export async function openPipe(engine: Engine, container: string, options: PipeOptions): Promise<Pipe> {
  const channel = await engine.exec(container, { argv: [...AGENT, options.root], user: options.user });
  const hello = Promise.withResolvers<void>();
  const opened = new Map<number, () => void>();
  let nextStream = 1;
  const send = (request: AgentRequest) => channel.write(encodeFrame(request));
  /** Nobody waits for these: when they cannot be sent, the pipe is at its end. */
  const tell = (request: AgentRequest) => send(request).catch(() => channel.close());
  const asked = questions(send);
  const streams = createStreams((message) => tell({ op: 'stream', ...message }));
  const tunnelled = tunnels(openStream);
  const calls = labCalls(tell, (request) => openStream(request, lost), options.onLab);
  const closed = pump(channel, receive).then(fail, fail);

  function fail() {
    const error = lost();
    hello.reject(error);
    asked.fail(error);
    calls.fail();
    streams.fail();
  }

  function openStream(
    request: (stream: number) => AgentRequest,
    failure: (why: CloseReason) => Error,
    reached = () => {},
  ) {
    const id = nextStream++;
    const end = streams.open(id, failure);
    opened.set(id, reached);
    void end.over.then(() => opened.delete(id));
    void tell(request(id));
    return end;
  }

  function receive(message: AgentMessage) {
    switch (message.type) {
      case 'hello':
        return hello.resolve();
      case 'changed':
        return options.onChange();
      case 'answer':
      case 'part':
      case 'refusal':
        return asked.receive(message);
      case 'lab':
      case 'lab-gone':
      case 'resize':
        return calls.receive(message);
      case 'opened':
        return opened.get(message.stream)?.();
      default:
        return streams.receive(message);
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
  const value = async (request: (id: number) => AgentRequest) => (await asked.ask(request)).value;
  return {
    list: async () => parseAnswer.list(await value((id) => ({ id, op: 'list' }))),
    read: async (path) => parseAnswer.file(await value((id) => ({ id, op: 'read', path }))),
    async write({ path, content, version }) {
      const encoded = Buffer.from(content, 'utf8').toString('base64');
      return parseAnswer.file(await value((id) => ({ id, op: 'write', path, content: encoded, version })));
    },
    snapshot: async () => (await asked.ask((id) => ({ id, op: 'snapshot' }))).parts,
    async put(files, folder = 'workspace') {
      for (const batch of putBatches(files)) await value((id) => ({ id, op: 'put', folder, files: batch }));
    },
    tunnel: (host, port) => tunnelled.open(host, port),
    close: () => channel.close(),
    closed,
  };
}

/** Milliseconds of reading after which everybody else has their turn. */
const SLICE_MS = 20;

async function pump(channel: Channel, receive: (message: AgentMessage) => void): Promise<void> {
  const decode = frameDecoder(LIMITS.frameBytes, LIMITS.frameValues);
  let since = performance.now();
  try {
    for await (const { stream, bytes } of channel.output) {
      if (stream !== 'stdout') continue;
      for (const message of decode(bytes)) receive(parseAnswer.message(message));
      if (performance.now() - since < SLICE_MS) continue;
      await turn();
      since = performance.now();
    }
  } finally {
    channel.close();
  }
}
