import { DrydockError } from '#contract';
import { semaphore } from '../../core/flow/semaphore.ts';
import { runProgram } from './run-program.ts';

const OPTIONS = ['-y', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=120'];

/** Two at once would take the package lists from under each other. */
const inTurn = semaphore(1);

/** Installs Debian packages, as root. Throws DrydockError `environment` with apt-get's last lines. */
export async function installPackages(
  names: readonly string[],
  environment: NodeJS.ProcessEnv,
  told: (line: string) => void,
): Promise<void> {
  await inTurn(() => install(names, environment, told));
}

async function install(
  names: readonly string[],
  environment: NodeJS.ProcessEnv,
  told: (line: string) => void,
): Promise<void> {
  const options = { environment: { ...environment, DEBIAN_FRONTEND: 'noninteractive' }, told };
  // A stale list is often good enough: only the install decides.
  await runProgram(['apt-get', 'update'], options);
  const { code, last } = await runProgram(['apt-get', 'install', ...OPTIONS, ...names], options);
  if (code === 0) return;
  throw new DrydockError(
    'environment',
    `apt-get could not install ${names.join(', ')}. Its last lines:\n${last.map((line) => `  ${line}`).join('\n')}`,
    {
      hint: `Run: apt-get update && apt-get install -y --no-install-recommends ${names.join(' ')}   Then run npm start.`,
    },
  );
}
