import type { ApplyResult } from '#contract';
import { type HeldSession, running } from './held-session.ts';
import { applyWorkspace } from './launch/apply-workspace.ts';
import { moveSession } from './move-session.ts';
import { keep } from './save-work.ts';
import type { SessionDeps } from './session-deps.ts';

/** Deploys the workspace as it is now. It is saved first, and once it runs it is what a reopened lab starts with. */
export async function deploySession(deps: SessionDeps, held: HeldSession): Promise<ApplyResult> {
  const { launch, pipe } = running(held);
  const started = deps.clock();
  await moveSession(deps, held, 'applying');
  try {
    const workspace = await pipe.snapshot();
    await keep(deps, held, 'latest', workspace);
    const changed = await applyWorkspace(deps, launch, workspace);
    await keep(deps, held, 'applied', workspace);
    held.troubles = held.troubles.filter(({ service }) => !changed.includes(service));
    return { changed, milliseconds: Math.round(deps.clock() - started) };
  } finally {
    if (held.state === 'applying') await moveSession(deps, held, 'ready');
  }
}
