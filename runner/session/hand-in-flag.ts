import { DrydockError, type FlagResult } from '#contract';
import { flagSecret, sameSecret } from '../core/secrets/launch-secrets.ts';
import { type HeldSession, launched } from './held-session.ts';
import type { SessionDeps } from './session-deps.ts';

/** Takes the flag of a break task; it is on disk before it is told. Throws `no-such-task` for a task that has none. */
export async function handInFlag(
  deps: Pick<SessionDeps, 'store' | 'clock'>,
  held: HeldSession,
  task: string,
  flag: string,
): Promise<FlagResult> {
  const launch = launched(held);
  const secret = flagSecret(held.lab.scenario.secrets, task);
  if (!secret) throw new DrydockError('no-such-task', `"${task}" is not a task that is done by handing in a flag.`);
  const accepted = sameSecret(flag.trim(), launch.secrets[secret] ?? '');
  const at = deps.clock();
  const { id: session, user, lab } = held;
  const outcome = accepted ? 'accepted' : 'refused';
  await deps.store.addAttempts([{ session, user, lab: lab.id, launch: launch.id, task, kind: 'flag', outcome, at }]);
  if (accepted && !held.flagged.has(task)) {
    await deps.store.changeTask(session, task, { flaggedAt: at });
    held.flagged.add(task);
  }
  return {
    task,
    accepted,
    message: accepted
      ? 'That is the flag. You have broken it; now fix it.'
      : 'That is not the flag of this lab. Every lab that is opened has a flag of its own, so one from elsewhere does not count.',
  };
}
