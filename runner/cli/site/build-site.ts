import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DrydockError } from '#contract';
import { runProgram } from '../machine/run-program.ts';
import { siteHash } from './site-inputs.ts';

export const SITE_STEP = 'course site';
const stampOf = (root: string) => join(root, 'site', 'dist', '.built-from');

/** The hash to build for, or null when site/dist was built from just these inputs. */
export async function siteToBuild(root: string): Promise<string | null> {
  const hash = await siteHash(root);
  const built = await readFile(stampOf(root), 'utf8').catch(() => '');
  return built === hash ? null : hash;
}

/**
 * Builds site/dist. The builder empties that folder first and the stamp comes last, so a build cut short is redone.
 * Throws DrydockError `environment` with the builder's last lines.
 */
export async function buildSite(
  root: string,
  hash: string,
  environment: NodeJS.ProcessEnv,
  told: (line: string) => void,
): Promise<void> {
  const argv = ['node', join('node_modules', 'astro', 'bin', 'astro.mjs'), 'build', '--root', 'site'] as const;
  const options = { cwd: root, environment: { ...environment, ASTRO_TELEMETRY_DISABLED: '1', NO_COLOR: '1' }, told };
  const { code, last } = await runProgram([...argv], options);
  const whole =
    code === 0 &&
    (await access(join(root, 'site', 'dist', 'index.html')).then(
      () => true,
      () => false,
    ));
  if (!whole) {
    throw new DrydockError(
      'environment',
      `The course site could not be built. The last lines:\n${last.map((line) => `  ${line}`).join('\n')}`,
      {
        hint: 'Check that the checkout is writable and whole (git status), then run npm start.',
      },
    );
  }
  await writeFile(stampOf(root), hash);
}
