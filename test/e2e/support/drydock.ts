import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '../../..');
const STARTED_WITHIN_MS = 60_000;

export interface RunningDrydock extends AsyncDisposable {
  readonly origin: string;
  /** Works once. */
  readonly signInUrl: string;
  /** Ctrl-C in its terminal; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** `./drydock up` as a person starts it, with a home and a port of its own. */
export async function startDrydock(): Promise<RunningDrydock> {
  const home = await mkdtemp(join(tmpdir(), 'drydock-home-'));
  const port = String(await freePort());
  const child = spawn(join(root, 'drydock'), ['up', '--no-open', '--port', port], {
    cwd: root,
    env: { ...process.env, DRYDOCK_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  child.stderr.on('data', (bytes: Buffer) => said.push(bytes.toString()));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const stop = async () => {
    child.kill('SIGINT');
    const code = await ended;
    await rm(home, { recursive: true, force: true });
    return code;
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
    const signInUrl = await link;
    return {
      origin: new URL(signInUrl).origin,
      signInUrl,
      stop,
      [Symbol.asyncDispose]: async () => void (await stop()),
    };
  } catch (error) {
    await stop();
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
