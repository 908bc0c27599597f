import { join } from 'node:path';
import { DrydockError } from '#contract';
import type { BuildSetup } from '../../engine/images/build-images.ts';
import { dockerImageEngine } from '../../engine/images/docker-image-engine.ts';
import type { Progress } from '../../engine/images/progress.ts';
import type { CliContext } from '../context.ts';
import { installPackages } from '../machine/install-packages.ts';
import { findProgram, readMachine } from '../machine/read-machine.ts';

export const cacheFolder = (home: string) => join(home, 'cache');

/** What building images takes, from this command line's point of view. */
export function buildSetup(context: CliContext, progress: Progress): BuildSetup {
  return {
    place: { root: context.root, cache: cacheFolder(context.home), environment: context.environment },
    engine: dockerImageEngine(context.engine.address),
    environment: { ...context.environment, PATH: `${context.environment.PATH ?? ''}:/usr/sbin:/sbin` },
    needMmdebstrap: () => needMmdebstrap(context),
    progress,
  };
}

async function needMmdebstrap(context: CliContext): Promise<void> {
  if (await findProgram('mmdebstrap', context.environment)) return;
  const packages = ['mmdebstrap', 'debian-archive-keyring'];
  const machine = await readMachine(context);
  if (machine.root && machine.debian) return installPackages(packages, context.environment, () => {});
  const why = machine.debian
    ? `${context.user} may not install it`
    : `it comes with Debian and Ubuntu only; this is ${machine.system}`;
  throw new DrydockError(
    'environment',
    `No image registry answers, so Debian must be put together from its packages. That takes mmdebstrap, and ${why}.`,
    {
      hint: machine.debian
        ? `Run: sudo apt-get install -y --no-install-recommends ${packages.join(' ')}   Then run npm start.`
        : 'Give the engine a way to a registry, or bring the images: "./drydock images export FILE" there, "import FILE" here.',
    },
  );
}
