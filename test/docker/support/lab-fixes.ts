import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseYaml } from '../../../runner/core/source/parse-yaml.ts';
import type { Files, Lab } from '../../../runner/library/lab.ts';
import { readFiles } from '../../../runner/library/read-files.ts';
import { ROOT } from './course.ts';
import { generatedFixes } from './generated-fixes.ts';

/** A way a learner may leave the workspace, and what a check must say of it. */
export interface LabFix {
  readonly name: string;
  readonly task: string;
  readonly workspace: Files;
  /** Null: it must pass. Otherwise the probe that must decide against it, or `any`. */
  readonly refusedBy: string | null;
}

const Notes = z.strictObject({ probe: z.string() });

/** Every state of a lab's fix task that the matrix has a row for, but the one it is shipped in. */
export async function labFixes(lab: Lab, task: string): Promise<LabFix[]> {
  const folder = join(ROOT, 'scenarios', lab.id);
  const fix = async (name: string, overlay: string, refusedBy: string | null): Promise<LabFix> => ({
    name,
    task,
    workspace: over(lab.workspace, await readFiles(overlay)),
    refusedBy,
  });
  const accepted = (await foldersIn(join(folder, 'accepted'))).map((name) =>
    fix(`accepted ${name}`, join(folder, 'accepted', name), null),
  );
  const rejected = (await foldersIn(join(folder, 'rejected', task))).map(async (name) => {
    const overlay = join(folder, 'rejected', task, name);
    return fix(`rejected ${name}`, overlay, await probeNamed(overlay));
  });
  const generated = generatedFixes(lab, task).map(({ name, overlay }) => ({
    name: `generated ${name}`,
    task,
    workspace: over(lab.workspace, overlay),
    refusedBy: 'any',
  }));
  const solution = fix('the solution', join(folder, 'solution', task), null);
  return [...(await Promise.all([solution, ...accepted, ...rejected])), ...generated];
}

const over = (files: Files, overlay: Files): Files =>
  new Map([...files, ...[...overlay].filter(([path]) => path !== 'rejected.yaml')]);

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function probeNamed(folder: string): Promise<string> {
  const file = join(folder, 'rejected.yaml');
  return parseYaml(await readFile(file, 'utf8'), file, Notes).value.probe;
}
