import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { DrydockError, Name } from '#contract';
import type { Lab } from '../library/lab.ts';

/** What the runner needs to know of a probe to plan a check; its functions only ever run in a checker. */
const ProbeHead = z.object({
  id: Name,
  kind: z.enum(['attack', 'benign']),
  at: z.string(),
  seconds: z.number().positive().max(50).optional(),
});
const Probes = z
  .array(ProbeHead)
  .min(1)
  .refine((heads) => new Set(heads.map(({ id }) => id)).size === heads.length, 'two probes have the same id');

export interface PlannedProbe {
  readonly task: string;
  readonly file: string;
  readonly probe: string;
  readonly kind: 'attack' | 'benign';
  readonly position: string;
}

/** The probes of a lab, from probes/TASK.ts. Throws DrydockError `could-not-check` naming the file that is wrong. */
export async function readProbes(lab: Lab): Promise<PlannedProbe[]> {
  const files = Object.keys(lab.probes).filter((file) => file.endsWith('.ts') && !file.startsWith('_'));
  const read = files.map(async (file) => {
    const wrong = (why: string, cause: unknown) =>
      new DrydockError('could-not-check', `scenarios/${lab.id}/probes/${file} ${why}.`, { cause });
    const module = await import(pathToFileURL(join(lab.probesFolder, file)).href).catch((error) => {
      throw wrong('cannot be loaded', error);
    });
    const heads = Probes.safeParse(module.default);
    if (!heads.success) throw wrong('does not export a list of probes as its default', heads.error);
    const task = file.slice(0, -'.ts'.length);
    return heads.data.map(({ id, kind, at }) => ({
      task,
      file,
      probe: id,
      kind,
      position: at === 'outside' ? 'outside-1' : at,
    }));
  });
  return (await Promise.all(read)).flat();
}
