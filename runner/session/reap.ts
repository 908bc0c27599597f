import { APP, LABEL } from '../core/labels/labels.ts';
import type { Engine } from '../core/ports/engine.ts';
import { removeLabelled } from './launch/remove-launch.ts';

/** How old something nobody holds must be before it is removed, in seconds: a launch just being made is younger. */
export const GRACE_SECONDS = 60;

/**
 * Removes launches of this owner that no session holds and that are older than the grace. Whatever carries another
 * owner's label, or none, is not looked at. Returns the launch ids removed; throws when one
 * could not be, after all have been tried.
 */
export async function reap(engine: Engine, owner: string, held: ReadonlySet<string>, now: number): Promise<string[]> {
  const found = await engine.list({ [LABEL.app]: APP, [LABEL.owner]: owner });
  const all = [...found.containers, ...found.networks, ...found.volumes];
  const stale = new Set<string>();
  for (const { labels } of all) {
    const launch = labels[LABEL.launch];
    const created = Number(labels[LABEL.created]);
    if (launch && !held.has(launch) && now / 1000 - created > GRACE_SECONDS) stale.add(launch);
  }
  // One that cannot be removed must not stand in the way of the others.
  const removals = await Promise.allSettled(
    [...stale].map((launch) => removeLabelled(engine, { [LABEL.owner]: owner, [LABEL.launch]: launch })),
  );
  const refusal = removals.find((removal) => removal.status === 'rejected');
  if (refusal) throw refusal.reason;
  return [...stale];
}
