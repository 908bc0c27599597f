import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { deploymentLabels, engineName, LABEL } from '../../core/labels/labels.ts';
import type { ServicePlan } from '../../core/plan/launch-plan.ts';
import type { Owned } from '../../core/ports/engine.ts';
import type { Files } from '../../library/lab.ts';
import { rewriteFiles } from './deploy-service.ts';
import { filePaths, fingerprint } from './fingerprint.ts';
import type { DeployedService, Launch, LaunchDeps } from './launch.ts';
import { labelsOf, positionOf } from './replace-services.ts';
import { waitReady } from './wait-ready.ts';

/** How long a program that a signal ends may take to do so, in milliseconds: until then it may still answer. */
const SETTLE_MS = 250;
/** How long it may take to answer again; then a replacement is tried. */
const READY_SECONDS = 5;

/**
 * Whether a service can take its new files as it runs: the lab names a signal for it, nothing but the content of files
 * is otherwise, and none of them goes away, since files are written over and never removed here.
 */
export function canReload(deployed: DeployedService, plan: ServicePlan, workspace: Files): boolean {
  const { files, fingerprint: settled } = deployed;
  if (plan.reload === null || settled === '' || files === null) return false;
  return isDeepStrictEqual(deployed.plan, plan) && files.isSubsetOf(filePaths(plan, workspace));
}

/**
 * Writes a service's files over the old ones and has it reload them by its signal: the process stays. False where it
 * does not run and answer afterwards; then it must be replaced.
 *
 * Labels of a container cannot change, so what it runs from now on is noted on an empty volume beside it: first that
 * it is unknown, then its fingerprint, so that a runner that ends in between leaves the truth behind.
 */
export async function reloadService(
  deps: LaunchDeps,
  launch: Launch,
  deployed: DeployedService,
  workspace: Files,
): Promise<boolean> {
  const { plan, container, generation } = deployed;
  if (plan.reload === null) return false;
  const labels = labelsOf(deps, launch);
  const note = async (number: number, mark: string) => {
    const name = engineName(launch.id, plan.name, generation, 'note', number);
    const carried = { ...deploymentLabels(labels, plan.name, generation), [LABEL.fingerprint]: mark };
    await deps.engine.createVolume({ name, labels: carried });
    return name;
  };

  const unknown = await note(launch.generation++, '');
  launch.services.set(plan.name, { ...deployed, fingerprint: '' });
  await rewriteFiles(deps, { launch: launch.id, plan, workspace, secrets: launch.secrets, labels, generation });
  try {
    await deps.engine.killContainer(container, plan.reload);
    await pause(SETTLE_MS);
    const runs = async () => (await deps.engine.inspectContainer(container))?.running === true;
    if (!(await runs())) return false;
    const { holder } = positionOf(launch, plan);
    await waitReady(deps.engine, { name: plan.name, container, holder, ready: plan.ready }, READY_SECONDS);
    if (!(await runs())) return false;
  } catch {
    return false;
  }
  const mark = fingerprint(plan, deps.image(plan.image), workspace);
  await note(launch.generation++, mark);
  await deps.engine.removeVolume(unknown);
  launch.services.set(plan.name, { ...deployed, fingerprint: mark, files: filePaths(plan, workspace) });
  return true;
}

/** A volume that holds nothing and says by its label what a service was told to reload. */
export const isNote = ({ labels }: Owned): boolean => labels[LABEL.fingerprint] !== undefined;

/** The fingerprint by what one deployment left behind: its container's label, or the newest note on it. */
export function notedFingerprint(label: string, notes: readonly Owned[]): string {
  const number = ({ name }: Owned) => Number(/\d+$/.exec(name)?.[0] ?? 0);
  const marks = [...notes].sort((a, b) => number(b) - number(a)).map(({ labels }) => labels[LABEL.fingerprint] ?? '');
  return marks.includes('') ? '' : (marks[0] ?? label);
}
