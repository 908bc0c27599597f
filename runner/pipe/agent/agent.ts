#!/usr/bin/env node
// The runner's only way into a workbench: it answers file requests on standard input and carries the `lab`
// command out. It runs as the learner and can do no more than the learner can.
import { encodeFrame, frameDecoder } from './frames.ts';
import { serveLabSocket } from './lab-socket.ts';
import { type AgentMessage, type AgentRequest, LAB_SOCKET } from './protocol.ts';
import { watchWorkspace } from './watch.ts';
import { listFiles, putFiles, Refusal, readText, snapshot, writeText } from './workspace.ts';

const root = process.argv[2] ?? '/home/learner/ferry';
const send = (message: AgentMessage) => process.stdout.write(encodeFrame(message));
const lab = await serveLabSocket(process.env['DRYDOCK_LAB_SOCKET'] ?? LAB_SOCKET, send);

type FileRequest = Extract<AgentRequest, { id: number }>;

async function answer(request: FileRequest): Promise<unknown> {
  switch (request.op) {
    case 'list':
      return await listFiles(root);
    case 'read':
      return await readText(root, request.path);
    case 'write':
      return await writeText(root, request.path, request.content, request.version);
    case 'snapshot':
      return await snapshot(root);
    case 'put':
      return await putFiles(root, request.files);
  }
}

async function handle(request: AgentRequest): Promise<void> {
  if (request.op === 'lab-output') return lab.output(request.call, request.text);
  if (request.op === 'lab-exit') return lab.exit(request.call, request.code);
  try {
    send({ type: 'answer', id: request.id, value: (await answer(request)) ?? null });
  } catch (error) {
    const refusal = error instanceof Refusal ? error.refusal : 'failed';
    send({ type: 'refusal', id: request.id, refusal, message: (error as Error).message });
  }
}

const decode = frameDecoder();
// One request after the other: two writes of one file must not interleave.
let last = Promise.resolve();
process.stdin.on('data', (chunk) => {
  for (const message of decode(chunk)) last = last.then(() => handle(message as AgentRequest));
});
process.stdin.on('end', () => process.exit(0));
// A runner that was killed leaves nobody to speak to; the next one starts an agent of its own.
process.stdout.on('error', () => process.exit(0));
send({ type: 'hello', root });
void watchWorkspace(root, () => send({ type: 'changed' }));
