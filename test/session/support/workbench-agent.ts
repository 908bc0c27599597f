import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Program, ProgramIo } from '../../../runner/engine/memory/program.ts';
import type { Files } from '../../../runner/library/lab.ts';
import { encodeFrame, frameDecoder } from '../../../runner/pipe/agent/frames.ts';
import type { AgentMessage, AgentRequest } from '../../../runner/pipe/agent/protocol.ts';
import { listFiles, putFiles, Refusal, readText, snapshot, writeText } from '../../../runner/pipe/agent/workspace.ts';

/** What one call of the `lab` command printed, and its exit code. */
export interface LabAnswer {
  readonly text: string;
  readonly code: number;
}

/**
 * The agent of every workbench of an engine: the real frames and the real file handling, on a folder filled with
 * what the runner put into the container. Only the program around them and the socket of `lab` are played.
 */
export function workbenchAgent(workspace: Files) {
  let call: ((argv: readonly string[]) => Promise<LabAnswer>) | null = null;

  const program: Program = async (io) => {
    const agent = speaker(io, workspace);
    call = agent.lab;
    return agent.run();
  };

  return {
    /** Where the workbench image has Node; the agent is all it ever runs here. */
    programs: { '/usr/local/bin/node': program },
    /** Types `lab …` in the workbench opened last. */
    lab(...argv: string[]): Promise<LabAnswer> {
      if (!call) throw new Error('no workbench is open');
      return call(argv);
    },
  };
}

function speaker(io: ProgramIo, workspace: Files) {
  const calls = new Map<number, { text: string; done: (answer: LabAnswer) => void }>();
  const send = (message: AgentMessage) => io.write(encodeFrame(message));

  async function answer(request: Extract<AgentRequest, { id: number }>): Promise<unknown> {
    const root = await homeOf(io, workspace);
    switch (request.op) {
      case 'list':
        return listFiles(root);
      case 'read':
        return readText(root, request.path);
      case 'write':
        return writeText(root, request.path, Buffer.from(request.content, 'base64'), request.version);
      case 'snapshot':
        for (const file of await snapshot(root)) await send({ type: 'part', id: request.id, ...file });
        return null;
      case 'put':
        return putFiles(request.folder === 'workspace' ? root : await capturesOf(root), request.files);
    }
  }

  async function handle(request: AgentRequest): Promise<void> {
    if (!('id' in request)) {
      if (!('call' in request)) return;
      const running = calls.get(request.call);
      if (request.op === 'lab-output' && running) running.text += request.text;
      if (request.op === 'lab-exit') running?.done({ text: running.text, code: request.code });
      return;
    }
    try {
      await send({ type: 'answer', id: request.id, value: (await answer(request)) ?? null });
    } catch (error) {
      const refusal = error instanceof Refusal ? error.refusal : 'failed';
      await send({ type: 'refusal', id: request.id, refusal, message: (error as Error).message });
    }
  }

  return {
    async run(): Promise<number> {
      const decode = frameDecoder();
      await send({ type: 'hello', root: io.argv[2] ?? '' });
      for await (const chunk of io.input) for (const request of decode(chunk)) await handle(request as AgentRequest);
      return 0;
    },
    lab(argv: readonly string[]): Promise<LabAnswer> {
      const { promise, resolve } = Promise.withResolvers<LabAnswer>();
      const call = calls.size + 1;
      calls.set(call, { text: '', done: resolve });
      void send({ type: 'lab', call, argv, size: null });
      return promise;
    },
  };
}

async function capturesOf(root: string): Promise<string> {
  const folder = `${root}-captures`;
  folders.push(folder);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Container name → its folder. */
const homes = new Map<string, Promise<string>>();
const folders: string[] = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A container keeps its files however often an agent is started in it. */
function homeOf(io: ProgramIo, workspace: Files): Promise<string> {
  const home = homes.get(io.container.name) ?? filledFolder(io, workspace);
  homes.set(io.container.name, home);
  return home;
}

/** A folder with the files of the container, so that only what really arrived in it can be read. */
async function filledFolder(io: ProgramIo, workspace: Files): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-workbench-'));
  folders.push(folder);
  for (const path of workspace.keys()) {
    const bytes = io.container.read(`${io.argv[2]}/${path}`);
    if (!bytes) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return folder;
}
