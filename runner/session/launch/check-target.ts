import { launchLabels } from '../../core/labels/labels.ts';
import type { CheckTarget } from '../../core/ports/check.ts';
import type { Launch, LaunchDeps } from './launch.ts';

/** A launch as a checker sees it. */
export function checkTarget(deps: Pick<LaunchDeps, 'owner' | 'clock'>, launch: Launch): CheckTarget {
  return {
    labels: launchLabels({
      id: launch.id,
      session: launch.session,
      lab: launch.lab.id,
      owner: deps.owner,
      clock: deps.clock,
    }),
    launch: launch.id,
    positions: launch.positions,
    secrets: launch.secrets,
  };
}
