import { access, constants, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { arch } from 'node:process';
import { z } from 'zod';
import { type InstallPlace, installedPackages } from './installed-packages.ts';

const TOOLCHAIN = 'runner/toolchain';
/** Images are always Linux, whatever the runner's own platform. */
const PACKAGE = `node-linux-${arch}`;

const Lock = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), integrity: z.string().optional() })),
});

/** Version and checksum of the Node that goes into images, from the lock file: nothing need be installed. */
export async function pinnedNodeIdentity(root: string): Promise<string> {
  const lock = Lock.parse(JSON.parse(await readFile(join(root, TOOLCHAIN, 'package-lock.json'), 'utf8')));
  const entry = lock.packages[`node_modules/${PACKAGE}`];
  return `${PACKAGE} ${entry?.version ?? 'unknown'} ${entry?.integrity ?? 'unknown'}`;
}

/** Path of that Node's program, fetched into the cache where the runner itself runs on another one. */
export async function pinnedNode(place: InstallPlace): Promise<string> {
  const program = join(PACKAGE, 'bin', 'node');
  const own = join(place.root, TOOLCHAIN, 'node_modules', program);
  const there = await access(own, constants.X_OK).then(
    () => true,
    () => false,
  );
  return there ? own : join(await installedPackages(place, TOOLCHAIN), program);
}
