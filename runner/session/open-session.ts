import { DrydockError } from '#contract';
import { LABEL } from '../core/labels/labels.ts';
import type { LaunchPlan } from '../core/plan/launch-plan.ts';
import { planLaunch } from '../core/plan/plan-launch.ts';
import { findMoves } from '../core/plan/refuse-moves.ts';
import type { SnapshotKind } from '../core/ports/store.ts';
import { launchSecrets } from '../core/secrets/launch-secrets.ts';
import type { Files } from '../library/lab.ts';
import type { LabCall } from '../pipe/lab-calls.ts';
import { connectWorkbench } from './connect-workbench.ts';
import type { HeldSession } from './held-session.ts';
import type { Launch } from './launch/launch.ts';
import { openLaunch } from './launch/open-launch.ts';
import { removeLabelled } from './launch/remove-launch.ts';
import { failSession, moveSession } from './move-session.ts';
import { keep, savedWork } from './save-work.ts';
import type { SessionDeps } from './session-deps.ts';

/**
 * Makes the launch of a session, with the learner's files where some are saved, and connects to its workbench. A
 * failure is told, with its cause in `problem`, once what had been made is removed. `left` is a launch that an opening
 * which was cut short had begun to make.
 */
export async function openSession(
  deps: SessionDeps,
  held: HeldSession,
  onLab: (call: LabCall) => void,
  left?: string,
): Promise<void> {
  const { launchId } = held;
  try {
    if (left) await removeLeft(deps, left);
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
    const launch = await openWork(deps, held, work);
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

/** What cannot be removed now is nobody's, and is reaped. */
async function removeLeft({ engine, owner, warn }: SessionDeps, launch: string): Promise<void> {
  await removeLabelled(engine, { [LABEL.owner]: owner, [LABEL.launch]: launch }).catch((error) =>
    warn(`what was left of launch ${launch} was not removed`, error),
  );
}

/**
 * Networks and positions change only here, so a workspace that moves them is deployed as it is, and from then on is what
 * was last deployed. Where it does not come up the lab opens as before: else nobody could get in to mend it.
 */
async function openWork(deps: SessionDeps, held: HeldSession, work: Record<SnapshotKind, Files>): Promise<Launch> {
  const { latest } = work;
  const last = planWork(held, work.applied);
  const moved = planMoved(held, last.plan, latest);
  const open = ({ plan, deployed }: Work) =>
    openLaunch(deps, {
      id: held.launchId,
      session: held.id,
      lab: held.lab,
      plan,
      workspace: latest,
      deployed,
      secrets: launchSecrets(deps.key, held.launchId, held.lab.scenario.secrets),
      onStep: (name, state) => (state === 'running' ? held.steps.begin(name) : held.steps.end(name, state)),
    });
  if (!moved) return open(last);
  try {
    const launch = await open(moved);
    await keep(deps, held, 'applied', latest);
    return launch;
  } catch (error) {
    if (!(error instanceof DrydockError) || error.name !== 'service-not-ready') throw error;
    deps.warn(`session ${held.id} does not come up on its new networks and opens on its old ones`, error);
    return open(last);
  }
}

interface Work {
  readonly plan: LaunchPlan;
  readonly deployed: Files;
}

/** The workspace, where it may be deployed and moves what an apply cannot; null where an apply is enough. */
function planMoved({ lab }: HeldSession, before: LaunchPlan, latest: Files): Work | null {
  const compose = latest.get('compose.yaml')?.toString('utf8') ?? '';
  try {
    const plan = planLaunch(lab.scenario, compose);
    return findMoves(before, plan, compose).length > 0 ? { plan, deployed: latest } : null;
  } catch {
    // It is the learner's to mend, in the lab.
    return null;
  }
}

/** What was last deployed, or what the lab ships where that does not fit the lab any more. */
function planWork({ lab }: HeldSession, applied: Files): Work {
  const planOf = (files: Files) => planLaunch(lab.scenario, files.get('compose.yaml')?.toString('utf8') ?? '');
  try {
    return { plan: planOf(applied), deployed: applied };
  } catch (error) {
    if (applied === lab.workspace) throw error;
    return { plan: planOf(lab.workspace), deployed: lab.workspace };
  }
}
