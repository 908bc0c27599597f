import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../../..');
const STARTED_WITHIN_MS = 60_000;

export interface RunningDrydock extends AsyncDisposable {
  readonly origin: string;
  /** Works once; of the start that was last. */
  signInUrl(): string;
  /** Ctrl-C in its terminal; resolves with the exit code. Its labs go on. */
  stop(): Promise<number | null>;
  /** As when the machine takes the process away: nothing of it runs to its end. */
  kill(): Promise<void>;
  /** The same command in the same place, after the one before has ended. */
  startAgain(): Promise<void>;
}

/** `./drydock up` as a person starts it, with a home and a port of its own; disposing ends it and its labs. */
export async function startDrydock(): Promise<RunningDrydock> {
  const home = await mkdtemp(join(tmpdir(), 'drydock-home-'));
  const port = String(await freePort());
  const env = { ...process.env, DRYDOCK_HOME: home };
  const start = () => startServer(['up', '--no-open', '--port', port], env);

  async function takeAway() {
    await promisify(execFile)(join(root, 'drydock'), ['down'], { cwd: root, env });
    await rm(home, { recursive: true, force: true });
  }

  let server = await start().catch(async (error) => {
    await takeAway();
    throw error;
  });
  return {
    origin: new URL(server.link).origin,
    signInUrl: () => server.link,
    stop: () => server.end('SIGINT'),
    kill: async () => void (await server.end('SIGKILL')),
    async startAgain() {
      server = await start();
    },
    async [Symbol.asyncDispose]() {
      await server.end('SIGINT');
      await takeAway();
    },
  };
}

/** Resolves once it has printed its sign-in link; rejects with what it said when it ends before. */
async function startServer(argv: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(join(root, 'drydock'), argv, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  child.stderr.on('data', (bytes: Buffer) => said.push(bytes.toString()));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  const link = new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const found = /http:\S+\/sign-in\S+/.exec(line);
      if (found) resolve(found[0]);
    });
    setTimeout(() => reject(new Error('./drydock up took too long.')), STARTED_WITHIN_MS).unref();
    void ended.then((code) => reject(new Error(`./drydock up ended with ${code}.`)));
  });
  try {
    return { link: await link, end };
  } catch (error) {
    await end('SIGINT');
    throw new Error(`${(error as Error).message}\n${said.join('')}`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No port was free.');
  return address.port;
}
