import { randomBytes } from 'node:crypto';
import { DrydockError, type Verdict } from '#contract';
import { LABEL } from '../../../runner/core/labels/labels.ts';
import { planLaunch } from '../../../runner/core/plan/plan-launch.ts';
import { launchSecrets } from '../../../runner/core/secrets/launch-secrets.ts';
import type { Files, Lab } from '../../../runner/library/lab.ts';
import { applyWorkspace } from '../../../runner/session/launch/apply-workspace.ts';
import { checkTarget } from '../../../runner/session/launch/check-target.ts';
import type { Launch } from '../../../runner/session/launch/launch.ts';
import { openLaunch } from '../../../runner/session/launch/open-launch.ts';
import { removeLabelled } from '../../../runner/session/launch/remove-launch.ts';
import type { Course } from './course.ts';

/** A launch without a session, to which whole workspaces are applied as a learner's are. */
export async function bareLaunch({ deps, docker }: Course, lab: Lab) {
  const id = randomBytes(6).toString('hex');
  const launch: Launch = await openLaunch(deps, {
    id,
    session: id,
    lab,
    plan: planLaunch(lab.scenario, String(lab.workspace.get('compose.yaml'))),
    workspace: lab.workspace,
    deployed: lab.workspace,
    secrets: launchSecrets(deps.key, id, lab.scenario.secrets),
    onStep: () => undefined,
  });
  return {
    launch,
    /** Deploys it; a service that does not come up is a state to be checked like any other. */
    async apply(workspace: Files): Promise<void> {
      try {
        await applyWorkspace(deps, launch, workspace);
      } catch (error) {
        if (!(error instanceof DrydockError) || error.name !== 'service-not-ready') throw error;
      }
    },
    async check(task: string): Promise<Verdict> {
      const [verdict] = await deps.check(checkTarget(deps, launch), lab.id, [task]);
      if (!verdict) throw new Error(`no verdict on ${task}`);
      return verdict;
    },
    remove: () => removeLabelled(docker, { [LABEL.launch]: id }),
  };
}
