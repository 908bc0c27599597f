import { DrydockError } from '#contract';
import { type HeldSession, launched } from './held-session.ts';
import { record } from './move-session.ts';
import type { SessionDeps } from './session-deps.ts';

/**
 * Gives a session as much time again as it had at first, as often as the policy allows. Without a limit there is
 * nothing to add: that its learner asked is enough to keep it. Throws `no-more-time`.
 */
export async function extendSession(deps: SessionDeps, held: HeldSession): Promise<void> {
  launched(held);
  const { limit, renewals } = deps.lifetime;
  const { expiresAt } = held.times;
  if (limit === null || expiresAt === null || held.expiresAt === null) return;
  if (held.renewals >= renewals) {
    throw new DrydockError('no-more-time', `It was extended ${renewals} times already, which is as often as may be.`);
  }
  held.renewals++;
  held.expiresAt += limit;
  held.times = { ...held.times, expiresAt: expiresAt + limit };
  await record(deps, held, { expiresAt: held.expiresAt, renewals: held.renewals });
}
