import { DrydockError } from '#contract';
import type { Engine, Labels } from '../../core/ports/engine.ts';

const ROUNDS = 4;
const PAUSE_MS = 250;

/**
 * Removes everything that carries these labels, found by asking the engine, so that what was made but never
 * reported goes as well. Containers first, then networks, then volumes. Throws the last error when something is left.
 */
export async function removeLabelled(engine: Engine, labels: Labels): Promise<void> {
  let last: unknown;
  for (let round = 0; round < ROUNDS; round++) {
    if (round > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * round));
    try {
      if (await removeOnce(engine, labels)) return;
    } catch (error) {
      last = error;
    }
  }
  throw (
    last ?? new DrydockError('engine-refused', 'Some containers, networks or volumes of a lab could not be removed.')
  );
}

/** Returns true when nothing is left. */
async function removeOnce(engine: Engine, labels: Labels): Promise<boolean> {
  const found = await engine.list(labels);
  if (found.containers.length + found.networks.length + found.volumes.length === 0) return true;
  // What joins a namespace goes before the holder: the engine then has no dangling network mode to report.
  await settle(found.containers.map(({ id }) => engine.removeContainer(id)));
  await settle(found.networks.map(({ id }) => engine.removeNetwork(id)));
  await settle(found.volumes.map(({ name }) => engine.removeVolume(name)));
  const left = await engine.list(labels);
  return left.containers.length + left.networks.length + left.volumes.length === 0;
}

async function settle(removals: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(removals)).find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}
