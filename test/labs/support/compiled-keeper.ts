import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { attach, type KeeperClient } from './keeper-client.ts';

const SOURCES = join(import.meta.dirname, '../../../labs/images/base');
const compiler = ['gcc', 'cc'].find((name) => spawnSync(name, ['--version']).status === 0);

/** Why tests of the keeper are left out; false where they are not. */
export const NO_COMPILER = compiler ? false : 'no C compiler here; the keeper is compiled in the base image';

/** The keeper as a program of this machine, for the tests of the suite that calls this; whatever they opened is ended. */
export function compiledKeeper() {
  const folder = mkdtempSync(join(tmpdir(), 'keeper-test-'));
  const keeper = join(folder, 'keeper');
  const open: KeeperClient[] = [];
  let count = 0;
  const freshName = () => `t${process.pid}-${count++}`;
  const open_ = (name: string, options?: Parameters<typeof attach>[2]) => {
    const client = attach(keeper, name, options);
    open.push(client);
    return client;
  };
  const shell = (name = freshName()) => open_(name, { program: ['/bin/sh'] });

  before(() => {
    const files = globSync(join(SOURCES, 'keeper*.c'));
    execFileSync(compiler ?? 'cc', ['-O1', '-std=gnu11', '-o', keeper, ...files]);
  });
  after(async () => {
    for (const client of open) client.endShell();
    await sleep(100);
    for (const client of open) client.cut();
    rmSync(folder, { recursive: true });
  });

  return { keeper, open_, shell, freshName, folder };
}
