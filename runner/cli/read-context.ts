import { homedir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import type { CliContext } from './context.ts';
import { engineAddress } from './machine/engine-address.ts';

export async function readContext(root: string, runs: NodeJS.Process): Promise<CliContext> {
  const environment = runs.env;
  return {
    root,
    home: environment.DRYDOCK_HOME ? resolve(environment.DRYDOCK_HOME) : join(homedir(), '.drydock'),
    environment,
    uid: runs.getuid?.() ?? -1,
    user: userName(runs.getuid?.() ?? -1),
    engine: await engineAddress(environment),
    canAsk: Boolean(runs.stdin.isTTY && runs.stderr.isTTY && !environment.CI),
    terminal: Boolean(runs.stderr.isTTY && environment.TERM !== 'dumb' && !environment.CI),
    out: (line) => void runs.stdout.write(`${line}\n`),
    say: (line) => void runs.stderr.write(`${line}\n`),
    draw: (text) => void runs.stderr.write(text),
    columns: () => runs.stderr.columns ?? 80,
    clock: () => performance.now(),
  };
}

/** A user id without a passwd entry has no name; it still may run this. */
function userName(uid: number): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${uid}`;
  }
}
