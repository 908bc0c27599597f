import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { DrydockError } from '#contract';
import type { ImageEngine } from './image-engine.ts';

export interface Bootstrap {
  readonly environment: NodeJS.ProcessEnv;
  /** Sees to it that the program mmdebstrap is there; throws DrydockError `environment` when it cannot. */
  readonly needMmdebstrap: () => Promise<void>;
}

/** What debian:trixie-slim leaves out too: manuals, translations, documentation but the licences. */
const SLIM = [
  '--aptopt=Acquire::Languages "none"',
  '--dpkgopt=path-exclude=/usr/share/man/*',
  '--dpkgopt=path-exclude=/usr/share/locale/*',
  '--dpkgopt=path-exclude=/usr/share/doc/*',
  '--dpkgopt=path-include=/usr/share/doc/*/copyright',
];

/** Makes a root image out of Debian's packages, where no registry answers. About 40 s on two cores. */
export async function bootstrapDebian(
  engine: ImageEngine,
  { suite, tag }: { readonly suite: string; readonly tag: string },
  bootstrap: Bootstrap,
  told: (line: string) => void,
): Promise<void> {
  await bootstrap.needMmdebstrap();
  told(`Putting Debian ${suite} together from its packages`);
  const child = spawn('mmdebstrap', ['--variant=minbase', ...SLIM, suite, '-'], {
    env: bootstrap.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const last: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    told(line);
    last.push(line);
    if (last.length > 20) last.shift();
  });
  const ended = Promise.withResolvers<void>();
  child.on('error', ended.reject);
  child.on('close', (code) => (code === 0 ? ended.resolve() : ended.reject(failure(code, last))));
  // A tar cut short must not become an image: the import sees the failure, not an early end.
  ended.promise.catch((error) => child.stdout.destroy(error));
  try {
    await Promise.all([engine.import(child.stdout, tag), ended.promise]);
  } catch (error) {
    child.kill();
    throw await ended.promise.then(
      () => error,
      (reason) => reason,
    );
  }
}

function failure(code: number | null, last: readonly string[]): DrydockError {
  return new DrydockError('environment', `mmdebstrap ended with code ${code}. Its last lines:\n${last.join('\n')}`, {
    hint: "Check that this machine reaches Debian's packages (apt-get update) and has free space, then run it again.",
  });
}
