import { type Confinement, confine } from './confine.ts';
import { ROLES, type Role, type RoleLimits, tmpfs } from './roles.ts';
import seccompProfile from './seccomp.json' with { type: 'json' };

/** The part of Docker's HostConfig we ever send; field names are the Engine API's (v1.41). */
export interface HostConfig {
  readonly NetworkMode: string;
  readonly Privileged: false;
  readonly CapDrop: readonly ['ALL'];
  readonly CapAdd: readonly string[];
  readonly SecurityOpt: readonly string[];
  readonly Init: boolean;
  readonly AutoRemove: false;
  readonly RestartPolicy: { readonly Name: 'no' | 'on-failure'; readonly MaximumRetryCount: number };
  readonly PidMode: '';
  readonly IpcMode: 'private';
  readonly CgroupnsMode: 'private';
  readonly UsernsMode: '';
  readonly UTSMode: '';
  readonly ReadonlyRootfs: boolean;
  readonly Memory: number;
  readonly MemorySwap: number;
  readonly NanoCpus: number;
  readonly PidsLimit: number;
  readonly OomKillDisable: false;
  readonly OomScoreAdj: 500;
  readonly ShmSize: number;
  readonly Ulimits: readonly { readonly Name: string; readonly Soft: number; readonly Hard: number }[];
  readonly LogConfig: { readonly Type: 'local'; readonly Config: Readonly<Record<string, string>> };
  readonly Tmpfs: Readonly<Record<string, string>>;
  readonly Mounts: readonly VolumeMount[];
  readonly Devices: readonly never[];
  readonly Binds: readonly never[];
  readonly PortBindings: Readonly<Record<string, never>>;
  readonly PublishAllPorts: false;
  readonly ExtraHosts: readonly never[];
  readonly VolumesFrom: readonly never[];
  readonly Sysctls: Readonly<Record<string, string>>;
  readonly Dns: readonly string[];
  readonly DnsOptions: readonly string[];
}

/** A named volume of the same launch; never a path of the host. */
export interface VolumeMount {
  readonly Type: 'volume';
  readonly Source: string;
  readonly Target: string;
  readonly ReadOnly: boolean;
  /** What an image has at the target must not leak into an empty volume. */
  readonly VolumeOptions: { readonly NoCopy: true };
}

export function volumeMount(volume: string, target: string, access: 'read-only' | 'read-write'): VolumeMount {
  return {
    Type: 'volume',
    Source: volume,
    Target: target,
    ReadOnly: access === 'read-only',
    VolumeOptions: { NoCopy: true },
  };
}

/** Where a container's network comes from: its own (a holder), another container's, or none at all. */
export type NetworkPlace =
  | { readonly kind: 'own'; readonly network: string }
  | { readonly kind: 'joined'; readonly container: string }
  | { readonly kind: 'none' };

export interface Placement {
  readonly network: NetworkPlace;
  readonly mounts: readonly VolumeMount[];
  /** Further folders it may write to, each small and gone with the container. */
  readonly scratch?: readonly string[];
  /** Rights of its role it does without. */
  readonly confinement?: Confinement;
  /** False where a boot probe found no IPv6 in the host kernel, which makes the sysctl fail. */
  readonly ipv6: boolean;
  /** True where the engine lists AppArmor among its security options. */
  readonly appArmor: boolean;
}

const MIB = 1024 * 1024;
const SCRATCH_MIB = 16;

/**
 * The whole HostConfig of a container: a role, where it sits and what it mounts. Nothing else decides.
 * Values: the table in roles.ts. A lab file or a learner can raise none of them.
 */
export function hostConfig(role: Role, placement: Placement): HostConfig {
  const limits = confine(ROLES[role], placement.confinement ?? {});
  return {
    NetworkMode: networkMode(placement.network),
    Privileged: false,
    CapDrop: ['ALL'],
    CapAdd: limits.capabilities,
    SecurityOpt: securityOptions(placement.appArmor),
    // A joined network keeps its own init; the keeper and databases rely on reaping too.
    Init: true,
    // The runner alone removes: exit code, OOMKilled and logs stay readable after a crash.
    AutoRemove: false,
    RestartPolicy: { Name: limits.restarts === 0 ? 'no' : 'on-failure', MaximumRetryCount: limits.restarts },
    PidMode: '',
    IpcMode: 'private',
    CgroupnsMode: 'private',
    UsernsMode: '',
    UTSMode: '',
    ReadonlyRootfs: limits.readOnlyRoot,
    // Rounded up: 0 would be no limit.
    Memory: Math.ceil(limits.memoryMiB * MIB),
    MemorySwap: Math.ceil(limits.memoryMiB * MIB),
    NanoCpus: Math.ceil(limits.cpus * 1e9),
    PidsLimit: limits.pids,
    OomKillDisable: false,
    OomScoreAdj: 500,
    ShmSize: 64 * MIB,
    Ulimits: ulimits(limits),
    LogConfig: { Type: 'local', Config: { 'max-size': '5m', 'max-file': '2' } },
    Tmpfs: {
      ...Object.fromEntries((placement.scratch ?? []).map((path) => [path, tmpfs(SCRATCH_MIB)])),
      ...limits.tmpfs,
    },
    Mounts: placement.mounts,
    Devices: [],
    Binds: [],
    PortBindings: {},
    PublishAllPorts: false,
    ExtraHosts: [],
    VolumesFrom: [],
    ...namespaceSettings(placement),
  };
}

function networkMode(place: NetworkPlace): string {
  if (place.kind === 'own') return place.network;
  return place.kind === 'joined' ? `container:${place.container}` : 'none';
}

function securityOptions(appArmor: boolean): string[] {
  const options = ['no-new-privileges:true', `seccomp=${JSON.stringify(seccompProfile)}`];
  return appArmor ? [...options, 'apparmor=docker-default'] : options;
}

function ulimits(limits: RoleLimits) {
  return [
    // No nproc: it counts per uid over the whole host, so one learner's processes would starve another's.
    { Name: 'core', Soft: 0, Hard: 0 },
    { Name: 'nofile', Soft: limits.openFiles, Hard: limits.openFiles },
    { Name: 'fsize', Soft: limits.fileMiB * MIB, Hard: limits.fileMiB * MIB },
  ];
}

/** Name resolution and sysctls belong to the namespace, so only its holder carries them (the engine refuses them on a joined container). */
function namespaceSettings(placement: Placement): Pick<HostConfig, 'Sysctls' | 'Dns' | 'DnsOptions'> {
  if (placement.network.kind !== 'own') return { Sysctls: {}, Dns: [], DnsOptions: [] };
  return {
    Sysctls: placement.ipv6 ? { 'net.ipv6.conf.all.disable_ipv6': '1' } : {},
    Dns: ['127.0.0.1'],
    // A name outside the lab then fails in about a second instead of ten.
    DnsOptions: ['timeout:1', 'attempts:1'],
  };
}
