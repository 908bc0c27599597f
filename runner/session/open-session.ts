import { LABEL } from '../core/labels/labels.ts';
import type { LaunchPlan } from '../core/plan/launch-plan.ts';
import { planLaunch } from '../core/plan/plan-launch.ts';
import { launchSecrets } from '../core/secrets/launch-secrets.ts';
import type { Files } from '../library/lab.ts';
import type { LabCall } from '../pipe/lab-calls.ts';
import { connectWorkbench } from './connect-workbench.ts';
import type { HeldSession } from './held-session.ts';
import { openLaunch } from './launch/open-launch.ts';
import { removeLabelled } from './launch/remove-launch.ts';
import { failSession, moveSession } from './move-session.ts';
import { savedWork } from './save-work.ts';
import type { SessionDeps } from './session-deps.ts';

/**
 * Makes the launch of a session, with the learner's files where some are saved, and connects to its workbench. A
 * failure is told, with its cause in `problem`, once what had been made is removed.
 */
export async function openSession(deps: SessionDeps, held: HeldSession, onLab: (call: LabCall) => void): Promise<void> {
  const { launchId } = held;
  try {
    // Written down before anything is made: a runner that is killed from here on knows what to look for.
    await deps.store.changeSession(held.id, {
      state: 'opening',
      launch: launchId,
      node: deps.engine.node,
      openedAt: held.openedAt,
      expiresAt: held.expiresAt,
      renewals: held.renewals,
      activeAt: deps.clock(),
      problem: null,
    });
    const work = await savedWork(deps, held);
    const { plan, deployed } = planWork(held, work.applied);
    const launch = await openLaunch(deps, {
      id: launchId,
      session: held.id,
      lab: held.lab,
      plan,
      workspace: work.latest,
      deployed,
      secrets: launchSecrets(deps.key, launchId, held.lab.scenario.secrets),
      onStep: (name, state) => (state === 'running' ? held.steps.begin(name) : held.steps.end(name, state)),
    });
    held.launch = launch;
    held.steps.begin('files');
    await connectWorkbench(deps, held, launch, onLab);
    held.steps.end('files', 'done');
    await moveSession(deps, held, 'ready');
  } catch (error) {
    held.steps.failRunning();
    await removeLabelled(deps.engine, { [LABEL.launch]: launchId }).catch(() => undefined);
    await failSession(deps, held, error);
  }
}

/** What was last deployed, or what the lab ships where that does not fit the lab any more. */
function planWork({ lab }: HeldSession, applied: Files): { plan: LaunchPlan; deployed: Files } {
  const planOf = (files: Files) => planLaunch(lab.scenario, files.get('compose.yaml')?.toString('utf8') ?? '');
  try {
    return { plan: planOf(applied), deployed: applied };
  } catch (error) {
    if (applied === lab.workspace) throw error;
    return { plan: planOf(lab.workspace), deployed: lab.workspace };
  }
}
