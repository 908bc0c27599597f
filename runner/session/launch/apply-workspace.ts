import { DrydockError } from '#contract';
import { runTogether } from '../../core/flow/run-together.ts';
import type { ServicePlan } from '../../core/plan/launch-plan.ts';
import { planLaunch } from '../../core/plan/plan-launch.ts';
import { refuseMoves } from '../../core/plan/refuse-moves.ts';
import type { Files } from '../../library/lab.ts';
import { fingerprint } from './fingerprint.ts';
import type { Launch, LaunchDeps } from './launch.ts';
import { canReload, reloadService } from './reload-service.ts';
import { replaceServices } from './replace-services.ts';

/**
 * Deploys a workspace onto a running launch: validates it, then replaces only the services that changed, or has them
 * reload their files. Positions stay, so addresses and data do. Returns the names of the services that are otherwise
 * now, those that are gone too. Throws `invalid-file` before anything is touched, or `service-not-ready` after a
 * replacement that does not come up.
 */
export async function applyWorkspace(deps: LaunchDeps, launch: Launch, workspace: Files): Promise<string[]> {
  const compose = workspace.get('compose.yaml');
  if (!compose) {
    throw new DrydockError('invalid-file', 'compose.yaml is missing from the workspace.', {
      at: [{ file: 'compose.yaml', line: 1, column: 1, message: 'the file is missing; a reset brings it back' }],
    });
  }
  const plan = planLaunch(launch.lab.scenario, compose.toString('utf8'));
  refuseMoves(launch.plan, plan, compose.toString('utf8'));
  const changed = plan.services.filter(
    (service) =>
      launch.services.get(service.name)?.fingerprint !== fingerprint(service, deps.image(service.image), workspace),
  );
  const gone = [...launch.services.keys()].filter((name) => !plan.services.some((service) => service.name === name));
  launch.plan = plan;
  const reloaded = new Set<ServicePlan>();
  await runTogether(
    changed.map((service) => async () => {
      const deployed = launch.services.get(service.name);
      if (!deployed || !canReload(deployed, service, workspace)) return;
      if (await reloadService(deps, launch, deployed, workspace)) reloaded.add(service);
    }),
  );
  const replaced = changed.filter((service) => !reloaded.has(service));
  await replaceServices(deps, launch, replaced, gone, workspace);
  return [...changed.map(({ name }) => name), ...gone];
}
