#!/usr/bin/env node
// The runner's only way into a workbench: it answers file requests on standard input, carries the `lab` command out
// and opens connections. It runs as the learner and can do no more than the learner can.
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encodeFrame, frameDecoder } from './frames.ts';
import { serveLabSocket } from './lab-socket.ts';
import { type AgentMessage, type AgentRequest, LAB_SOCKET, LIMITS } from './protocol.ts';
import { createStreams } from './streams.ts';
import { openTunnel } from './tunnel.ts';
import { watchWorkspace } from './watch.ts';
import { listFiles, putFiles, Refusal, readText, snapshot, writeText } from './workspace.ts';

const root = process.argv[2] ?? '/home/learner/ferry';
const captures = join(dirname(root), 'captures');
const send = (message: AgentMessage) => process.stdout.write(encodeFrame(message));
const lab = await serveLabSocket(process.env['DRYDOCK_LAB_SOCKET'] ?? LAB_SOCKET, send);
const streams = createStreams(send);
const broken = (why: string) => new Error(why);

type FileRequest = Extract<AgentRequest, { id: number }>;

async function answer(request: FileRequest): Promise<unknown> {
  switch (request.op) {
    case 'list':
      return await listFiles(root);
    case 'read':
      return await readText(root, request.path);
    case 'write':
      return await writeText(root, request.path, Buffer.from(request.content, 'base64'), request.version);
    case 'snapshot':
      for (const file of await snapshot(root)) send({ type: 'part', id: request.id, ...file });
      return null;
    case 'put':
      if (request.folder === 'workspace') return await putFiles(root, request.files);
      await mkdir(captures, { recursive: true });
      return await putFiles(captures, request.files);
  }
}

async function answerFile(request: FileRequest): Promise<void> {
  try {
    const frame = encodeFrame({ type: 'answer', id: request.id, value: (await answer(request)) ?? null });
    if (frame.length > LIMITS.frameBytes) throw new Refusal('too-large', 'The paths of the workspace are too long.');
    process.stdout.write(frame);
  } catch (error) {
    const refusal = error instanceof Refusal ? error.refusal : 'failed';
    send({ type: 'refusal', id: request.id, refusal, message: (error as Error).message });
  }
}

const decode = frameDecoder();
// One file request after the other: two writes of one file must not interleave. Nothing else waits for them.
let last = Promise.resolve();
function handle(request: AgentRequest) {
  switch (request.op) {
    case 'lab-output':
      return lab.output(request.call, request.text);
    case 'lab-exit':
      return lab.exit(request.call, request.code);
    case 'attach':
      return lab.attach(request.call, streams.open(request.stream, broken));
    case 'tunnel': {
      const { stream, host, port } = request;
      return openTunnel(streams.open(stream, broken), host, port, () => send({ type: 'opened', stream }));
    }
    case 'stream':
      return streams.receive(request);
    default:
      last = last.then(() => answerFile(request));
  }
}

process.stdin.on('data', (chunk) => {
  for (const message of decode(chunk)) handle(message as AgentRequest);
});
process.stdin.on('end', () => process.exit(0));
// A runner that was killed leaves nobody to speak to; the next one starts an agent of its own.
process.stdout.on('error', () => process.exit(0));
send({ type: 'hello', root });
void watchWorkspace(root, () => send({ type: 'changed' }));
