import type { VolumeSpec } from '../../core/ports/engine.ts';
import { DEADLINE } from './call.ts';
import type { Client } from './client.ts';
import { isRefusal } from './errors.ts';

export async function createVolume(client: Client, spec: VolumeSpec): Promise<void> {
  await client.call(`create the volume ${spec.name}`, { deadline: DEADLINE.make }, (abortSignal) =>
    client.docker.createVolume({
      Name: spec.name,
      Driver: 'local',
      DriverOpts: spec.limit ? tmpfsOptions(spec.limit) : {},
      Labels: { ...spec.labels },
      abortSignal,
    }),
  );
}

/** The one kind of volume that has both a size and an inode limit on every engine. */
export function tmpfsOptions(limit: NonNullable<VolumeSpec['limit']>): Record<string, string> {
  return { type: 'tmpfs', device: 'tmpfs', o: `size=${limit.bytes},nr_inodes=${limit.inodes},mode=1777` };
}

export async function removeVolume(client: Client, name: string): Promise<void> {
  await client.call(
    `remove the volume ${name}`,
    { deadline: DEADLINE.remove, idempotent: true },
    async (abortSignal) => {
      try {
        await client.docker.getVolume(name).remove({ abortSignal });
      } catch (error) {
        if (!isRefusal(error, 404)) throw error;
      }
    },
  );
}
