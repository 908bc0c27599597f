import { DrydockError, type FlagResult } from '#contract';
import { flagSecret, sameSecret } from '../core/secrets/launch-secrets.ts';
import { type HeldSession, running } from './held-session.ts';

/** Takes the flag of a break task. Throws `no-such-task` for a task that has none. */
export function handInFlag(held: HeldSession, task: string, flag: string): FlagResult {
  const { launch } = running(held);
  const secret = flagSecret(held.lab.scenario.secrets, task);
  if (!secret) throw new DrydockError('no-such-task', `"${task}" is not a task that is done by handing in a flag.`);
  const accepted = sameSecret(flag.trim(), launch.secrets[secret] ?? '');
  if (accepted) held.flagged.add(task);
  return {
    task,
    accepted,
    message: accepted
      ? 'That is the flag. You have broken it; now fix it.'
      : 'That is not the flag of this lab. Every lab that is opened has a flag of its own, so one from elsewhere does not count.',
  };
}
