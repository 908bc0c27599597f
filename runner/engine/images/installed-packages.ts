import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { access, copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DrydockError } from '#contract';

export interface InstallPlace {
  readonly root: string;
  /** Folder that keeps what was installed, by hash of the lock file. */
  readonly cache: string;
  /** What npm is run with: PATH, certificates, proxies. */
  readonly environment: NodeJS.ProcessEnv;
}

const FILES = ['package.json', 'package-lock.json'];
const run = promisify(execFile);

/**
 * The node_modules folder of a repository folder's locked production packages, without install scripts. Made aside
 * and renamed into place, so that an interrupted install never passes for a whole one.
 * Throws DrydockError `environment` when npm cannot do it.
 */
export async function installedPackages(place: InstallPlace, folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of FILES) hash.update(await readFile(join(place.root, folder, file)));
  const whole = join(place.cache, `npm-${hash.digest('hex').slice(0, 16)}`);
  if (!(await exists(whole))) await install(place, folder, whole);
  return join(whole, 'node_modules');
}

async function install(place: InstallPlace, folder: string, whole: string): Promise<void> {
  const part = `${whole}.${randomUUID()}`;
  try {
    // A folder without dependencies is a valid one; npm then makes no node_modules.
    await mkdir(join(part, 'node_modules'), { recursive: true });
    for (const file of FILES) await copyFile(join(place.root, folder, file), join(part, file));
    const options = ['--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    await run('npm', ['ci', ...options], { cwd: part, env: place.environment, maxBuffer: 16 * 1024 * 1024 });
    await mkdir(join(part, 'node_modules'), { recursive: true });
    await rename(part, whole).catch(async (error) => {
      // Somebody else was quicker; theirs is as good.
      if (!(await exists(whole))) throw error;
    });
  } catch (cause) {
    const words = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new DrydockError('environment', `npm could not fetch the packages of ${folder}:\n${words}`, {
      cause,
      hint: 'Check that this machine reaches its npm registry (npm ping) and has free space, then run it again.',
    });
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
