import { posix } from 'node:path';
import { extract } from 'tar-stream';
import { requirePlainTar } from '../plain-tar.ts';
import { refused } from '../refused.ts';
import { dropUnmounted } from './volumes.ts';
import { type FileTree, type MemoryContainer, requireContainer, type World } from './world.ts';

interface Located {
  readonly tree: FileTree;
  /** Path inside the tree, without leading slash. */
  readonly path: string;
  readonly readOnly: boolean;
}

/** Where a path of a container really lies: in the volume mounted deepest above it, or in its own file system. */
function locate(world: World, container: MemoryContainer, path: string): Located {
  const absolute = posix.resolve('/', path);
  const { Mounts: mounts, ReadonlyRootfs: readOnlyRoot } = container.spec.hostConfig;
  const above = mounts
    .filter(({ Target }) => absolute === Target || absolute.startsWith(`${Target}/`))
    .sort((one, other) => other.Target.length - one.Target.length);
  const mount = above[0];
  const volume = mount && world.volumes.get(mount.Source);
  if (!volume) return { tree: container.files, path: absolute.slice(1), readOnly: readOnlyRoot };
  return { tree: volume.files, path: absolute.slice(mount.Target.length + 1), readOnly: mount.ReadOnly };
}

export function fileAt(world: World, container: MemoryContainer, path: string): Buffer | null {
  const at = locate(world, container, path);
  return at.tree.get(at.path)?.bytes ?? null;
}

export function writeAt(world: World, container: MemoryContainer, path: string, bytes: Uint8Array): void {
  const at = locate(world, container, path);
  if (at.readOnly) throw new Error(`${path}: Read-only file system`);
  at.tree.set(at.path, { bytes: Buffer.from(bytes), mode: 0o644, uid: 0, gid: 0 });
}

export async function putFiles(world: World, id: string, path: string, tar: Uint8Array): Promise<void> {
  requirePlainTar(tar);
  const container = requireContainer(world, id, `put files at ${path} into`);
  const asked = `put files into the container ${id} at ${path}`;
  if (container.phase !== 'created')
    throw refused(asked, `that is for containers never started, and it is ${container.phase}`);
  if (locate(world, container, path).readOnly) throw refused(asked, 'it is mounted read-only');
  const unpacked = extract();
  unpacked.end(Buffer.from(tar));
  for await (const entry of unpacked) {
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    const { name, type, mode = 0o644, uid = 0, gid = 0 } = entry.header;
    const at = locate(world, container, posix.join(path, name));
    if (at.readOnly) throw refused(asked, `${name}: read-only file system`);
    if (type === 'file') at.tree.set(at.path, { bytes: Buffer.concat(parts), mode, uid, gid });
  }
  dropUnmounted(world);
}
