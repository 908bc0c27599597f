import { setTimeout as pause } from 'node:timers/promises';
import { APP, LABEL } from '../../core/labels/labels.ts';
import type { Engine, Inventory } from '../../core/ports/engine.ts';
import { dockerEngine } from '../../engine/docker/docker-engine.ts';
import type { CliContext } from '../context.ts';
import { askEngine } from '../machine/ask-engine.ts';
import { readOwner } from './read-owner.ts';

const TRIES = 3;

/** Removes the containers, networks and volumes of this DRYDOCK_HOME; other owners' are left alone. */
export async function removeCourse(context: CliContext): Promise<void> {
  const state = await askEngine(context.engine.address);
  if (state.kind !== 'ready') return context.say('No container engine answers, so no lab runs.');
  const owner = await readOwner(context.home);
  if (owner === null) return context.say('No lab was ever opened from here.');
  const engine = dockerEngine({ address: context.engine.address });
  const count = await removeOwned(engine, { [LABEL.app]: APP, [LABEL.owner]: owner });
  context.say(count === 0 ? 'No lab was running.' : `Removed ${count} containers, networks and volumes.`);
}

/** In this order: a network with something on it and a volume in use cannot go. Answers how many things went. */
export async function removeOwned(engine: Engine, labels: Readonly<Record<string, string>>): Promise<number> {
  const found = await engine.list(labels);
  for (let attempt = 1; ; attempt++) {
    try {
      await removeAll(engine, attempt === 1 ? found : await engine.list(labels));
      return found.containers.length + found.networks.length + found.volumes.length;
    } catch (error) {
      if (attempt === TRIES) throw error;
      await pause(500 * attempt);
    }
  }
}

async function removeAll(engine: Engine, { containers, networks, volumes }: Inventory): Promise<void> {
  await Promise.all(containers.map((one) => engine.removeContainer(one.id)));
  await Promise.all(networks.map((one) => engine.removeNetwork(one.id)));
  await Promise.all(volumes.map((one) => engine.removeVolume(one.name)));
}
