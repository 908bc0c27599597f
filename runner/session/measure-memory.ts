import type { Engine } from '../core/ports/engine.ts';
import type { HeldSession } from './held-session.ts';

/** How long after it opened a launch is measured first, and then how often; milliseconds. */
const EVERY_MS = 60_000;

/**
 * Learns what a launch of each lab needs: the largest working set seen of one. Asks about one launch at a time, so
 * that the engine has time for others.
 */
export function memoryMeter(engine: Engine, clock: () => number) {
  const measured = new Map<string, number>();
  const last = new WeakMap<object, number>();

  async function measure({ launch, lab }: HeldSession): Promise<void> {
    if (!launch) return;
    const holders = [...launch.positions.values()].map(({ holder }) => holder);
    const services = [...launch.services.values()].map(({ container }) => container);
    const sets = await Promise.all([launch.workbench, ...holders, ...services].map((id) => engine.workingSet(id)));
    const sum = sets.reduce((total, bytes) => total + bytes, 0);
    measured.set(lab.id, Math.max(sum, measured.get(lab.id) ?? 0));
  }

  return {
    measured: measured as ReadonlyMap<string, number>,
    async measureNext(sessions: readonly HeldSession[]): Promise<void> {
      const due = sessions.find(({ launch, state }) => launch && state === 'ready' && isDue(launch));
      if (!due?.launch) return;
      last.set(due.launch, clock());
      await measure(due);
    },
  };

  function isDue(launch: object): boolean {
    const at = last.get(launch);
    return at === undefined || clock() - at >= EVERY_MS;
  }
}
