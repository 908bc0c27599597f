import type { Compose, ServiceRole } from '#contract';
import { joinsPosition } from './role-rules.ts';

/** Where a service may see files and data: below these, so that a mount cannot hide a tool of the image. */
const MOUNT_ROOTS = ['/app/', '/var/lib/', '/srv/'];
/** Where it may have an empty folder to write to; /tmp it has anyway. */
const SCRATCH_ROOTS = ['/app/', '/var/lib/', '/srv/', '/run/', '/var/cache/', '/var/log/', '/var/spool/'];
const SECRETS = '/run/secrets';

export function splitMount(mount: string) {
  const [source = '', target = ''] = mount.split(':');
  return { source, target };
}

export const isFiles = ({ source }: { source: string }) => source.startsWith('./');

/** Why a mount of a service is refused; null when it is not. */
export function wrongMount(service: string, role: ServiceRole, index: number, compose: Compose): string | null {
  const mounts = compose.services[service]?.volumes.map(splitMount) ?? [];
  const { source, target } = mounts[index] ?? { source: '', target: '' };
  if (!isBelow(target, MOUNT_ROOTS)) return `"${target}" cannot be mounted; use a path below ${either(MOUNT_ROOTS)}`;
  if (mounts.findIndex((mount) => mount.target === target) < index) return `"${target}" is already mounted`;
  if (isFiles({ source })) {
    return source.slice(2).split('/').every(isPlainPart) ? null : `"${source}" leaves the workspace`;
  }
  if (!Object.hasOwn(compose.volumes, source)) return `"${source}" is not declared under volumes`;
  // The holder of a position keeps its data alive, and is made before anything that joins.
  if (joinsPosition(role)) return `a ${role} keeps no data; use tmpfs for what it writes`;
  // Shared data would be a way from one service into another that no network shows.
  const owner = Object.keys(compose.services).find((name) =>
    compose.services[name]?.volumes.some((mount) => splitMount(mount).source === source),
  );
  return owner === service ? null : `"${source}" belongs to "${owner}"; a data volume has one service`;
}

/** Why a folder to write to is refused; null when it is not. */
export function wrongScratch(paths: readonly string[], index: number, mounts: readonly string[]): string | null {
  const path = paths[index] ?? '';
  if (path === '/tmp') return paths.indexOf(path) < index ? `"${path}" is named twice` : null;
  if (!isBelow(path, SCRATCH_ROOTS) || !/^[A-Za-z0-9._/-]{1,200}$/.test(path))
    return `"${path}" cannot be made writable; use a path alone, /tmp or below ${either(SCRATCH_ROOTS)}`;
  const taken = [SECRETS, ...mounts.map((mount) => splitMount(mount).target), ...paths.slice(0, index)];
  const other = taken.find((one) => one === path || one.startsWith(`${path}/`) || path.startsWith(`${one}/`));
  return other ? `"${path}" and "${other}" would lie one in the other` : null;
}

const isBelow = (path: string, roots: readonly string[]) =>
  roots.some((root) => path.startsWith(root)) && path.slice(1).split('/').every(isPlainPart);

const isPlainPart = (part: string) => part !== '' && part !== '.' && part !== '..';

const either = (roots: readonly string[]) => roots.join(' or ');
