import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Engine } from '../../../runner/core/ports/engine.ts';
import type { LabCall } from '../../../runner/pipe/lab-calls.ts';
import { openPipe, type Pipe } from '../../../runner/pipe/open-pipe.ts';
import { type ChildChannel, childChannel } from './child-channel.ts';

const agentFolder = join(import.meta.dirname, '../../../runner/pipe/agent');

interface LabRun {
  readonly code: number;
  readonly text: string;
  readonly output: Buffer;
  readonly complaint: string;
}

/** A workbench of this machine: a folder, and an agent in a process of its own that serves it. */
export interface Workbench extends AsyncDisposable {
  readonly root: string;
  readonly channel: ChildChannel;
  readonly pipe: Pipe;
  /** How often the agent said that something changed. */
  changes(): number;
  /** Runs the `lab` command as a shell there would. */
  lab(...words: string[]): Promise<LabRun>;
  /** The same with something on its standard input. */
  typed(keys: Uint8Array, ...words: string[]): Promise<LabRun>;
}

export async function openWorkbench(
  files: Readonly<Record<string, string>> = {},
  onLab: (call: LabCall) => void = (call) => call.exit(0),
): Promise<Workbench> {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-pipe-'));
  const root = join(folder, 'ferry');
  await mkdir(root);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const env = { DRYDOCK_LAB_SOCKET: join(folder, 'socket', 'lab.sock') };
  let changes = 0;
  const { pipe, channel } = await openAgent([join(agentFolder, 'agent.ts'), root], env, {
    onLab,
    onChange: () => void changes++,
  });
  return {
    root,
    channel,
    pipe,
    changes: () => changes,
    lab: (...words) => run([join(agentFolder, 'lab.ts'), ...words], env),
    typed: (keys, ...words) => run([join(agentFolder, 'lab.ts'), ...words], env, keys),
    async [Symbol.asyncDispose]() {
      pipe.close();
      await pipe.closed;
      await rm(folder, { recursive: true });
    },
  };
}

/** Opens a pipe to any program in the agent's place. */
export async function openAgent(
  program: readonly string[],
  env: Readonly<Record<string, string>>,
  options: { onLab?: (call: LabCall) => void; onChange?: () => void } = {},
): Promise<{ pipe: Pipe; channel: ChildChannel }> {
  const channel = childChannel([process.execPath, ...program], env);
  // A pipe asks the engine for one exec and nothing else.
  const engine = { exec: async () => channel } as Pick<Engine, 'exec'> as Engine;
  const onLab = options.onLab ?? ((call: LabCall) => call.exit(0));
  const onChange = options.onChange ?? (() => undefined);
  try {
    return { pipe: await openPipe(engine, 'c1', { user: '1000', root: '/unused', onLab, onChange }), channel };
  } catch (error) {
    channel.close();
    throw error;
  }
}

function run(program: readonly string[], env: Readonly<Record<string, string>>, keys: Uint8Array = Buffer.alloc(0)) {
  const child = spawn(process.execPath, [...program], { env, stdio: 'pipe' });
  const [output, complaint]: [Buffer[], string[]] = [[], []];
  child.stdin.on('error', () => undefined).end(keys);
  child.stdout.on('data', (bytes) => output.push(bytes));
  child.stderr.on('data', (bytes) => complaint.push(String(bytes)));
  return new Promise<LabRun>((resolve) =>
    child.on('close', (code) =>
      resolve({
        code: code ?? 137,
        text: String(Buffer.concat(output)),
        output: Buffer.concat(output),
        complaint: complaint.join(''),
      }),
    ),
  );
}
