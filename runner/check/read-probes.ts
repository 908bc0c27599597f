import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { DrydockError } from '#contract';
import type { Lab } from '../library/lab.ts';

/** What the runner needs to know of a probe to plan a check; its functions only ever run in a checker. */
const ProbeHead = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  kind: z.enum(['attack', 'benign']),
  at: z.string(),
});

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
    const module: { default?: unknown } = await import(pathToFileURL(join(lab.probesFolder, file)).href);
    const heads = z.array(ProbeHead).min(1).safeParse(module.default);
    if (!heads.success) {
      throw new DrydockError(
        'could-not-check',
        `scenarios/${lab.id}/probes/${file} does not export a list of probes as its default.`,
        {
          cause: heads.error,
        },
      );
    }
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
