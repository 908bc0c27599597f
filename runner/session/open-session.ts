import { LABEL } from '../core/labels/labels.ts';
import { planLaunch } from '../core/plan/plan-launch.ts';
import { ROLES } from '../core/policy/roles.ts';
import { launchSecrets } from '../core/secrets/launch-secrets.ts';
import { type LabCall, openPipe } from '../pipe/open-pipe.ts';
import { failed, type HeldSession } from './held-session.ts';
import type { LaunchDeps } from './launch/launch.ts';
import { WORKSPACE } from './launch/make-workbench.ts';
import { openLaunch } from './launch/open-launch.ts';
import { removeLabelled } from './launch/remove-launch.ts';

export interface OpenDeps extends LaunchDeps {
  readonly key: Uint8Array;
  /** Hexadecimal characters from `bytes` random bytes. */
  readonly random: (bytes: number) => string;
}

/**
 * Makes the launch of a session and connects to its workbench. A failure is told, with its cause in `problem`, once
 * what had been made is removed.
 */
export async function openSession(deps: OpenDeps, held: HeldSession, onLab: (call: LabCall) => void): Promise<void> {
  const { launchId } = held;
  try {
    const plan = planLaunch(held.lab.scenario, held.lab.workspace.get('compose.yaml')?.toString('utf8') ?? '');
    const secrets = launchSecrets(deps.key, launchId, held.lab.scenario.secrets);
    held.launch = await openLaunch(deps, {
      id: launchId,
      session: held.id,
      lab: held.lab,
      plan,
      workspace: held.lab.workspace,
      secrets,
      onStep: (name, state) => (state === 'running' ? held.steps.begin(name) : held.steps.end(name, state)),
    });
    held.steps.begin('files');
    held.pipe = await openPipe(deps.engine, held.launch.workbench, {
      user: ROLES.workbench.user,
      root: WORKSPACE,
      onLab,
    });
    held.steps.end('files', 'done');
    held.state = 'ready';
  } catch (error) {
    held.steps.failRunning();
    await removeLabelled(deps.engine, { [LABEL.launch]: launchId }).catch(() => undefined);
    failed(held, error);
  }
}
