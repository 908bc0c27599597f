import { DrydockError } from '#contract';
import { LABEL } from '../core/labels/labels.ts';
import { planLaunch } from '../core/plan/plan-launch.ts';
import type { Inventory } from '../core/ports/engine.ts';
import { launchSecrets } from '../core/secrets/launch-secrets.ts';
import type { Files } from '../library/lab.ts';
import type { LabCall } from '../pipe/lab-calls.ts';
import { connectWorkbench } from './connect-workbench.ts';
import type { HeldSession } from './held-session.ts';
import { adoptLaunch } from './launch/adopt-launch.ts';
import { applyWorkspace } from './launch/apply-workspace.ts';
import { isSettled, type Launch } from './launch/launch.ts';
import { removeLabelled } from './launch/remove-launch.ts';
import { failSession, moveSession } from './move-session.ts';
import { savedWork } from './save-work.ts';
import type { SessionDeps } from './session-deps.ts';

/**
 * Takes up a session that a runner which is no more held as `ready` or `applying`. What an apply that was cut short
 * left half-done is deployed again as it was last deployed whole. When the launch cannot go on, the session is at
 * rest, and says so; its work is as it was saved.
 */
export async function resumeSession(
  deps: SessionDeps,
  held: HeldSession,
  found: Inventory,
  onLab: (call: LabCall) => void,
): Promise<void> {
  try {
    const { applied } = await savedWork(deps, held);
    const launch = await adopt(deps, held, ofLaunch(found, held.launchId), applied);
    if (!launch) throw new DrydockError('launch-lost', 'They ended while no runner was there to see it.');
    held.launch = launch;
    await connectWorkbench(deps, held, launch, onLab);
    held.saveSoon();
    if (held.state === 'applying' || !isSettled(launch)) {
      // What does not come up is no reason to take the rest away: it is told as a trouble, and can be applied again.
      await applyWorkspace(deps, launch, applied).catch((error) =>
        deps.warn(`session ${held.id} was taken up without all that was deployed`, error),
      );
    }
    if (held.state === 'applying') await moveSession(deps, held, 'ready');
  } catch (error) {
    await removeLabelled(deps.engine, { [LABEL.launch]: held.launchId }).catch(() => undefined);
    await failSession(deps, held, error);
  }
}

async function adopt(
  deps: SessionDeps,
  held: HeldSession,
  inventory: Inventory,
  deployed: Files,
): Promise<Launch | null> {
  const { scenario } = held.lab;
  const passing = inventory.containers.filter(({ labels }) =>
    ['checker', 'filer', 'cleaner'].includes(labels[LABEL.role] ?? ''),
  );
  await Promise.all(passing.map(({ id }) => deps.engine.removeContainer(id)));
  return adoptLaunch(deps.engine, {
    id: held.launchId,
    session: held.id,
    lab: held.lab,
    plan: planLaunch(scenario, deployed.get('compose.yaml')?.toString('utf8') ?? ''),
    secrets: launchSecrets(deps.key, held.launchId, scenario.secrets),
    deployed,
    image: deps.image,
    inventory,
  });
}

/** Of everything this runner has on the engine what belongs to one launch. */
export function ofLaunch({ containers, networks, volumes }: Inventory, launch: string): Inventory {
  const its = ({ labels }: { labels: Readonly<Record<string, string>> }) => labels[LABEL.launch] === launch;
  return { containers: containers.filter(its), networks: networks.filter(its), volumes: volumes.filter(its) };
}
