import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** From now on this process can make no file longer; null: as long as it likes. The kernel refuses the write. */
export async function limitFiles(bytes: number | null): Promise<void> {
  await run('prlimit', ['--pid', String(process.pid), `--fsize=${bytes ?? 'unlimited'}:unlimited`]);
}
