import { DrydockError } from '#contract';
import { APP, LABEL } from '../core/labels/labels.ts';
import type { Inventory } from '../core/ports/engine.ts';
import { dueAt } from '../core/session/lifetime.ts';
import type { HeldSession } from './held-session.ts';
import type { Launch } from './launch/launch.ts';
import { endOverfull } from './launch/overfull.ts';
import { passing } from './launch/passing.ts';
import { removeLabelled } from './launch/remove-launch.ts';
import { failSession } from './move-session.ts';
import { ofLaunch } from './resume-session.ts';
import { saveLastWork } from './save-work.ts';
import type { SessionDeps } from './session-deps.ts';
import type { StopReason } from './stop-session.ts';
import { findTroubles, isLost, watched } from './watch-launch.ts';

/**
 * Looks after sessions that are up: stops those whose time is over, and finds out what was removed or ended behind
 * our back. Throws when the engine does not answer; the sessions then are as they were.
 */
export async function sweep(
  deps: SessionDeps,
  sessions: readonly HeldSession[],
  stop: (held: HeldSession, reason: StopReason) => Promise<void>,
): Promise<void> {
  // What is being applied, reset or stopped is not as it will be.
  const up = sessions.filter(({ state, working }) => state === 'ready' && working === 0);
  const due = up.filter((held) => dueAt(deps.monotonic(), held.times, deps.lifetime) !== null);
  await Promise.all(due.map((held) => stopDue(deps, held, stop)));
  const before = new Map(
    up.flatMap((held) => (held.launch && held.state === 'ready' ? [[held, watched(held.launch)] as const] : [])),
  );
  if (before.size === 0) return;
  const inventory = await deps.engine.list({ [LABEL.app]: APP, [LABEL.owner]: deps.owner });
  await Promise.all(
    [...before].map(async ([held, was]) => {
      if (held.launch !== was.launch || held.state !== 'ready' || held.working > 0) return;
      const found = ofLaunch(inventory, was.launch.id);
      if (isLost(was, found)) return lose(deps, held, found);
      const running = new Set(found.containers.flatMap((one) => (one.running ? [one.id] : [])));
      const services = [...was.services.values()].filter(({ container }) => running.has(container));
      await endOverfull(deps.engine, services).catch((error) =>
        deps.warn(`what the services of ${held.id} wrote could not be looked at`, error),
      );
      note(held, was.launch, await findTroubles(deps.engine, was, found));
      await removeLeftOver(deps, found);
    }),
  );
}

/** What does not run is not what was deployed any more, so that the next apply replaces it. */
function note(held: HeldSession, { services }: Launch, troubles: HeldSession['troubles']): void {
  held.troubles = troubles;
  for (const { service } of troubles) {
    const deployed = services.get(service);
    if (deployed) services.set(service, { ...deployed, fingerprint: '' });
  }
}

/** What a check or an apply could not remove, or was never told it had made: nothing of the kind is under way. */
async function removeLeftOver(deps: SessionDeps, found: Inventory): Promise<void> {
  const removals = await Promise.allSettled(passing(found).map(({ id }) => deps.engine.removeContainer(id)));
  for (const removal of removals) {
    if (removal.status === 'rejected') deps.warn('what a check or an apply left could not be removed', removal.reason);
  }
}

async function stopDue(
  deps: SessionDeps,
  held: HeldSession,
  stop: (held: HeldSession, reason: StopReason) => Promise<void>,
): Promise<void> {
  const reason = dueAt(deps.monotonic(), held.times, deps.lifetime);
  if (reason === null) return;
  await stop(held, reason).catch((error) =>
    deps.warn(`session ${held.id} was ${reason} and could not be stopped`, error),
  );
}

async function lose(deps: SessionDeps, held: HeldSession, found: Inventory): Promise<void> {
  const left = found.containers.filter(({ running }) => running).length;
  // The workbench may still answer, and what is in it goes with the launch.
  await saveLastWork(deps, held);
  // A stop or an apply that came meanwhile finds it out by itself.
  if (held.state !== 'ready' || held.working > 0) return;
  await failSession(
    deps,
    held,
    new DrydockError(
      'launch-lost',
      left === 0
        ? 'All of them ended, as they do when the container engine is restarted.'
        : 'Some that the others depend on were removed or ended from outside.',
    ),
  );
  await removeLabelled(deps.engine, { [LABEL.launch]: held.launchId }).catch(() => undefined);
}
