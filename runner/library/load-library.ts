import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PRACTICES } from '#contract';
import type { Lab } from './lab.ts';
import { loadLab } from './load-lab.ts';

/** Every lab below `root`/scenarios, found by convention, in the order the course teaches the practices. */
export async function loadLibrary(root: string): Promise<ReadonlyMap<string, Lab>> {
  const entries = await readdir(join(root, 'scenarios'), { withFileTypes: true });
  const ids = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('_')).map((entry) => entry.name);
  const labs = await Promise.all(ids.sort().map((id) => loadLab(root, id)));
  const order = (lab: Lab) => PRACTICES.indexOf(lab.scenario.practice);
  return new Map(labs.sort((a, b) => order(a) - order(b)).map((lab) => [lab.id, lab]));
}
