import type { VolumeSpec } from '../../core/ports/engine.ts';
import { refused } from '../refused.ts';
import type { World } from './world.ts';

/** The same name again is the same volume, as in Docker. */
export function createVolume(world: World, spec: VolumeSpec): void {
  if (!world.volumes.has(spec.name)) world.volumes.set(spec.name, { spec, files: new Map() });
}

export function removeVolume(world: World, name: string): void {
  const user = [...world.containers.values()].find(({ spec }) =>
    spec.hostConfig.Mounts.some(({ Source }) => Source === name),
  );
  if (user) throw refused(`remove the volume ${name}`, `volume is in use - [${user.id}]`);
  world.volumes.delete(name);
}

/** A volume with a limit is a tmpfs: its files last only while a running container mounts it. */
export function dropUnmounted(world: World): void {
  const running = [...world.containers.values()].filter(({ phase }) => phase === 'running');
  const mounted = new Set(running.flatMap(({ spec }) => spec.hostConfig.Mounts.map(({ Source }) => Source)));
  for (const [name, { spec, files }] of world.volumes) {
    if (spec.limit && !mounted.has(name)) files.clear();
  }
}
