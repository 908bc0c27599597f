import { DrydockError, type ResetRequest, type ResetResult } from '#contract';
import { type HeldSession, launched, running } from './held-session.ts';
import { applyWorkspace } from './launch/apply-workspace.ts';
import { clearData } from './launch/clear-data.ts';
import { savedWork } from './save-work.ts';
import type { SessionDeps } from './session-deps.ts';

/**
 * Puts a part back as the lab shipped it. Files of the workspace are put back and not deployed: what else is edited
 * there may be half-done. Data is cleared in the running services, which are replaced for it.
 */
export async function resetSession(deps: SessionDeps, held: HeldSession, what: ResetRequest): Promise<ResetResult> {
  if ('data' in what) return { files: [], services: await resetData(deps, held) };
  const { pipe } = running(held);
  const shipped = held.lab.workspace;
  const now = await pipe.snapshot();
  const chosen = choose(held, what);
  const paths = [...new Set([...shipped.keys(), ...now.keys()])].filter(chosen).sort();
  const changed = paths.filter((path) => !same(shipped.get(path), now.get(path)));
  if (paths.length === 0) throw new DrydockError('no-such-file', 'There is no file to put back.');
  await pipe.put(new Map(changed.map((path) => [path, shipped.get(path) ?? null])));
  held.saveSoon();
  return { files: changed, services: [] };
}

type FileReset = Exclude<ResetRequest, { data: true }>;

/** Whether a file is part of what is to be put back. */
function choose({ lab }: HeldSession, what: FileReset): (path: string) => boolean {
  if ('all' in what) return () => true;
  if ('file' in what) return (path) => path === what.file;
  if ('service' in what) {
    if (!Object.hasOwn(lab.scenario.services, what.service)) {
      throw new DrydockError('bad-request', `This lab has no service "${what.service}".`);
    }
    return (path) => path.startsWith(`${what.service}/`);
  }
  if (!Object.hasOwn(lab.scenario.tasks, what.task)) {
    throw new DrydockError('no-such-task', `This lab has no task "${what.task}".`);
  }
  const files = new Set(lab.taskFiles[what.task]);
  return (path) => files.has(path);
}

const same = (a: Buffer | undefined, b: Buffer | undefined) => (a && b ? a.equals(b) : a === b);

async function resetData(deps: SessionDeps, held: HeldSession): Promise<string[]> {
  const launch = launched(held);
  const keepers = [...launch.services.values()].filter(({ plan }) => plan.data.length > 0);
  for (const service of keepers) {
    await clearData(deps, launch, service);
    launch.services.set(service.plan.name, { ...service, fingerprint: '' });
  }
  await applyWorkspace(deps, launch, (await savedWork(deps, held)).applied);
  held.troubles = [];
  return keepers.map(({ plan }) => plan.name);
}
