import { createHash } from 'node:crypto';
import type { ServicePlan } from '../../core/plan/launch-plan.ts';
import type { Files } from '../../library/lab.ts';

/** The workspace files a service sees, by where it sees them. */
export function filesOf(
  plan: ServicePlan,
  workspace: Files,
): { folder: string; target: string; files: [string, Buffer][] }[] {
  return plan.files.map(({ folder, target }) => ({
    folder,
    target,
    files: [...workspace]
      .filter(([path]) => path.startsWith(`${folder}/`))
      .map(([path, bytes]) => [path.slice(folder.length + 1), bytes]),
  }));
}

/** The paths of a service's files, as it sees them. */
export const filePaths = (plan: ServicePlan, workspace: Files): ReadonlySet<string> =>
  new Set(filesOf(plan, workspace).flatMap(({ target, files }) => files.map(([path]) => `${target}/${path}`)));

/** SHA-256 over all that decides what a service is: plan, image, files. Equal means nothing to do. */
export function fingerprint(plan: ServicePlan, image: string, workspace: Files): string {
  const hash = createHash('sha256').update(JSON.stringify([plan, image]));
  for (const { target, files } of filesOf(plan, workspace)) {
    for (const [path, bytes] of files) hash.update(`\0${target}\0${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}
