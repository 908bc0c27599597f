import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface SmallDisk extends AsyncDisposable {
  readonly folder: string;
  /** Takes what room is left. */
  fill(): Promise<void>;
  free(): Promise<void>;
  mayOnlyRead(only: boolean): Promise<void>;
}

/** A file system of its own; or, where one cannot be mounted, why not. */
export async function smallDisk(megabytes: number): Promise<SmallDisk | string> {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-disk-'));
  const filler = join(folder, 'filler');
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'drydock-test', folder]);
  } catch {
    await rm(folder, { recursive: true });
    return 'it takes the right to mount a small disk (root)';
  }
  return {
    folder,
    async fill() {
      for (const bytes of [65_536, 4096, 1]) await writeUntilFull(filler, bytes);
    },
    free: () => rm(filler, { force: true }),
    mayOnlyRead: async (only) => void (await run('mount', ['-o', `remount,${only ? 'ro' : 'rw'}`, folder])),
    async [Symbol.asyncDispose]() {
      await run('umount', [folder]);
      await rm(folder, { recursive: true });
    },
  };
}

async function writeUntilFull(file: string, bytes: number): Promise<void> {
  const part = Buffer.alloc(bytes, 1);
  try {
    for (;;) await writeFile(file, part, { flag: 'a' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
