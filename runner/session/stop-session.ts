import { DrydockError } from '#contract';
import { LABEL } from '../core/labels/labels.ts';
import type { HeldSession } from './held-session.ts';
import { removeLabelled } from './launch/remove-launch.ts';
import { disconnect, failSession, moveSession } from './move-session.ts';
import { saveLastWork } from './save-work.ts';
import type { SessionDeps } from './session-deps.ts';

export type StopReason = 'learner' | 'idle' | 'expired';

const SAID: Record<Exclude<StopReason, 'learner'>, [name: 'stopped-idle' | 'stopped-expired', message: string]> = {
  idle: ['stopped-idle', 'Nothing was done in this lab for a while, so it was stopped.'],
  expired: ['stopped-expired', 'The time this lab was given ran out, so it was stopped.'],
};

/** Saves the work, then removes what runs. Throws when something could not be removed; it may be tried again. */
export async function stopSession(deps: SessionDeps, held: HeldSession, reason: StopReason): Promise<void> {
  if (held.state === 'stopped') return;
  await saveLastWork(deps, held);
  held.problem = reason === 'learner' ? null : new DrydockError(...SAID[reason]).toProblem();
  await moveSession(deps, held, 'stopping');
  disconnect(held);
  try {
    await removeLabelled(deps.engine, { [LABEL.owner]: deps.owner, [LABEL.session]: held.id });
  } catch (error) {
    await failSession(deps, held, error);
    throw error;
  }
  held.launch = null;
  await moveSession(deps, held, 'stopped', { problem: held.problem });
}
