import type { CliContext } from '../../runner/cli/context.ts';
import { installPackages } from '../../runner/cli/machine/install-packages.ts';
import { findProgram, readMachine } from '../../runner/cli/machine/read-machine.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of a Chromium on this machine, or null. */
export async function findChromium(environment: NodeJS.ProcessEnv): Promise<string | null> {
  for (const name of NAMES) {
    const path = await findProgram(name, environment);
    if (path) return path;
  }
  return null;
}

/** Installs Debian's Chromium where there is none, as root on Debian; elsewhere the browser tests say what they lack. */
export async function needChromium(context: CliContext, told: (line: string) => void): Promise<void> {
  if (await findChromium(context.environment)) return;
  const machine = await readMachine(context);
  if (machine.root && machine.debian) await installPackages(['chromium'], context.environment, told);
}
