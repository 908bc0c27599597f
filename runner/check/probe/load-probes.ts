import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CheckerInput } from '../protocol.ts';
import type { Probe } from './define.ts';

/**
 * Writes the probe files into a fresh folder below `temporary` in which `#probe` is this SDK, and returns a function that
 * imports one of them. Throws when a file name leaves the folder.
 */
export function writeProbes(
  files: CheckerInput['files'],
  temporary: string,
): (file: string) => Promise<readonly Probe[]> {
  const folder = mkdtempSync(join(temporary, 'probes-'));
  // A package's imports may only point below itself, hence the link.
  symlinkSync(import.meta.dirname, join(folder, 'sdk'));
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ type: 'module', imports: { '#probe': './sdk/index.ts' } }),
  );
  for (const [name, source] of Object.entries(files)) {
    const path = join(folder, 'probes', normalize(name));
    if (!path.startsWith(join(folder, 'probes/'))) throw new Error(`"${name}" is not a file of the probes folder`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, source);
  }
  return async (file) => {
    const module: { default: readonly Probe[] } = await import(pathToFileURL(join(folder, 'probes', file)).href);
    return module.default;
  };
}
