import { DrydockError, type Problem } from '#contract';
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

/** Why a stop that was cut short had begun, from what it wrote down. */
export const stopReason = (problem: Problem | null): StopReason => {
  if (problem?.name === 'stopped-idle') return 'idle';
  return problem?.name === 'stopped-expired' ? 'expired' : 'learner';
};

/** Saves the work, then removes what runs. Throws when something could not be removed; it may be tried again. */
export async function stopSession(deps: SessionDeps, held: HeldSession, reason: StopReason): Promise<void> {
  if (held.state === 'stopped') return;
  await saveLastWork(deps, held);
  held.problem = reason === 'learner' ? null : new DrydockError(...SAID[reason]).toProblem();
  await moveSession(deps, held, 'stopping', { problem: held.problem });
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
