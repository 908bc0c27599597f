import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readOwner } from '../../../../runner/cli/down/read-owner.ts';

const root = join(import.meta.dirname, '../../../..');
const STARTED_WITHIN_MS = 90_000;

export type KillableDrydock = Awaited<ReturnType<typeof killableDrydock>>;

/** `./drydock up` with a home and a port of its own, which both outlive it: it may be killed and started again. */
export async function killableDrydock() {
  const home = await mkdtemp(join(tmpdir(), 'drydock-home-'));
  const port = await freePort();
  const env = { ...process.env, DRYDOCK_HOME: home };
  let kill = async (): Promise<void> => undefined;

  /** Resolves with its sign-in link, once it serves. */
  async function start(): Promise<string> {
    const child = spawn(join(root, 'drydock'), ['up', '--no-open', '--port', String(port)], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: string[] = [];
    child.stderr.on('data', (bytes: Buffer) => said.push(bytes.toString()));
    const ended = once(child, 'exit');
    kill = async () => {
      child.kill('SIGKILL');
      await ended;
    };
    const link = Promise.withResolvers<string>();
    createInterface(child.stdout).on('line', (line) => {
      const found = /http:\S+\/sign-in\S+/.exec(line);
      if (found) link.resolve(found[0]);
    });
    const fail = (why: string) => link.reject(new Error(`./drydock up ${why}.\n${said.join('')}`));
    const late = setTimeout(() => fail('took too long'), STARTED_WITHIN_MS);
    void ended.then(([code]) => fail(`ended with ${code}`));
    return link.promise.finally(() => clearTimeout(late));
  }

  /** `./drydock down`; resolves with its exit code. */
  async function down(): Promise<number | null> {
    const [code] = await once(spawn(join(root, 'drydock'), ['down'], { cwd: root, env, stdio: 'ignore' }), 'exit');
    return code as number | null;
  }

  return {
    origin: `http://127.0.0.1:${port}`,
    start,
    /** SIGKILL, at once. */
    kill: () => kill(),
    down,
    owner: async () => (await readOwner(home)) ?? 'none yet',
    async [Symbol.asyncDispose]() {
      await down();
      await kill();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No port was free.');
  return address.port;
}
