import type { HostConfig } from '../../../runner/core/policy/host-config.ts';
import type { Role } from '../../../runner/core/policy/roles.ts';

const MIB = 2 ** 20;

/** Memory MiB, CPUs, pids, open files, file size MiB, read-only root, restarts, as SECURITY.md has them. */
const TABLE: Readonly<Record<Role, readonly [number, number, number, number, number, boolean, number]>> = {
  holder: [16, 0.1, 32, 64, 0, true, 0],
  workbench: [1024, 1, 512, 4096, 1024, false, 0],
  service: [256, 0.5, 128, 1024, 64, true, 3],
  database: [512, 1, 256, 4096, 1024, true, 3],
  broker: [512, 1, 256, 4096, 1024, true, 3],
  sidecar: [64, 0.25, 32, 4096, 16, true, 3],
  sensor: [256, 0.5, 64, 1024, 64, true, 3],
  'container-lab': [256, 0.5, 128, 1024, 64, false, 3],
  checker: [512, 1, 128, 1024, 16, true, 0],
  // Never started: its root and limits protect nobody, but are kept as small as a holder's.
  filer: [16, 0.1, 8, 64, 0, false, 0],
  cleaner: [32, 0.5, 8, 64, 0, true, 0],
};

/** Role → the capabilities it may have at most, as SECURITY.md has them; the others have none. */
const CAPABILITIES: Partial<Readonly<Record<Role, string>>> = {
  sensor: 'NET_RAW',
  'container-lab': 'CHOWN DAC_OVERRIDE FOWNER FSETID KILL NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID',
};

/** A HostConfig as somebody who wants more rights might have it: any field, any value. */
export type AnyConfig = Readonly<Record<string, unknown>>;

export interface SandboxRule {
  readonly name: string;
  readonly holds: (config: HostConfig, role: Role) => boolean;
  /** Control: each of these changes breaks the rule. */
  readonly spoiled: readonly AnyConfig[];
}

const isWithin = (value: number, ceiling: number) => value > 0 && value <= ceiling;
const ulimit = (config: HostConfig, name: string) => {
  const found = config.Ulimits.filter((limit) => limit.Name === name);
  return found.length === 1 && found[0]?.Soft === found[0]?.Hard ? found[0]?.Hard : undefined;
};
const without = (config: HostConfig, option: string) =>
  config.SecurityOpt.filter((one) => one.startsWith(option)).length;

/** Every property of the sandbox that holds whatever a lab or a learner asks for. */
export const SANDBOX_RULES: readonly SandboxRule[] = [
  {
    name: 'nothing is privileged',
    holds: ({ Privileged }) => Privileged === false,
    spoiled: [{ Privileged: true }, { Privileged: undefined }],
  },
  {
    name: 'every capability is dropped and none is added that the role has not',
    holds: ({ CapDrop, CapAdd }, role) =>
      CapDrop.join() === 'ALL' && CapAdd.every((name) => (CAPABILITIES[role] ?? '').split(' ').includes(name)),
    spoiled: [{ CapDrop: [] }, { CapDrop: ['NET_RAW'] }, { CapAdd: ['SYS_ADMIN'] }, { CapAdd: ['MKNOD'] }],
  },
  {
    name: 'no namespace of the host is shared',
    holds: (config) =>
      config.PidMode === '' &&
      config.IpcMode === 'private' &&
      config.UTSMode === '' &&
      config.UsernsMode === '' &&
      config.CgroupnsMode === 'private' &&
      config.NetworkMode !== 'host' &&
      !['', 'default', 'bridge'].includes(config.NetworkMode),
    spoiled: [
      { PidMode: 'host' },
      { PidMode: 'container:other' },
      { IpcMode: 'host' },
      { UTSMode: 'host' },
      { UsernsMode: 'host' },
      { CgroupnsMode: 'host' },
      { NetworkMode: 'host' },
      { NetworkMode: 'bridge' },
      { NetworkMode: '' },
    ],
  },
  {
    name: 'no process gains rights and system calls are filtered',
    holds: (config) =>
      config.SecurityOpt.includes('no-new-privileges:true') &&
      without(config, 'seccomp=') === 1 &&
      config.SecurityOpt.some((option) => option.startsWith('seccomp={"defaultAction":"SCMP_ACT_ERRNO"')) &&
      config.SecurityOpt.every((option) => /^(no-new-privileges:true|seccomp=\{|apparmor=docker-default)/.test(option)),
    spoiled: [
      { SecurityOpt: [] },
      { SecurityOpt: ['no-new-privileges:true'] },
      { SecurityOpt: ['no-new-privileges:true', 'seccomp=unconfined'] },
      { SecurityOpt: ['no-new-privileges:true', 'seccomp={"defaultAction":"SCMP_ACT_ALLOW"}'] },
      {
        SecurityOpt: ['no-new-privileges:true', 'seccomp={"defaultAction":"SCMP_ACT_ERRNO"}', 'systempaths=unconfined'],
      },
      { SecurityOpt: ['seccomp={"defaultAction":"SCMP_ACT_ERRNO"}'] },
    ],
  },
  {
    name: 'the root is read-only where the role says so',
    holds: ({ ReadonlyRootfs }, role) => ReadonlyRootfs === true || (ReadonlyRootfs === false && !TABLE[role][5]),
    spoiled: [{ ReadonlyRootfs: undefined }],
  },
  {
    name: 'memory, swap, processors and processes are limited, at most as the role has it',
    holds: (config, role) => {
      const [memory, cpus, pids] = TABLE[role];
      return (
        isWithin(config.Memory, memory * MIB) &&
        config.MemorySwap === config.Memory &&
        isWithin(config.NanoCpus, cpus * 1e9) &&
        isWithin(config.PidsLimit, pids) &&
        config.OomKillDisable === false &&
        config.OomScoreAdj === 500
      );
    },
    spoiled: [
      { Memory: 0 },
      { Memory: 2 ** 40, MemorySwap: 2 ** 40 },
      { MemorySwap: -1 },
      { NanoCpus: 0 },
      { NanoCpus: 64e9 },
      { PidsLimit: -1 },
      { PidsLimit: 1e6 },
      { PidsLimit: 0 },
      { OomKillDisable: true },
      { OomScoreAdj: -1000 },
    ],
  },
  {
    name: 'open files, file size and core dumps are limited',
    holds: (config, role) => {
      const [, , , openFiles, fileMiB] = TABLE[role];
      return (
        ulimit(config, 'nofile') === openFiles &&
        ulimit(config, 'fsize') === fileMiB * MIB &&
        ulimit(config, 'core') === 0 &&
        config.Ulimits.length === 3
      );
    },
    spoiled: [
      { Ulimits: [] },
      { Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }] },
      {
        Ulimits: [
          { Name: 'core', Soft: 0, Hard: 0 },
          { Name: 'fsize', Soft: 1, Hard: -1 },
        ],
      },
    ],
  },
  {
    name: 'only named volumes are mounted, none of them twice at a place',
    holds: ({ Mounts, Binds, VolumesFrom }) =>
      Binds.length === 0 &&
      VolumesFrom.length === 0 &&
      Mounts.every(({ Type, Source }) => Type === 'volume' && /^[a-z0-9][a-z0-9-]*$/.test(Source)) &&
      new Set(Mounts.map(({ Target }) => Target)).size === Mounts.length,
    spoiled: [
      { Binds: ['/:/host'] },
      { Binds: ['/var/run/docker.sock:/var/run/docker.sock'] },
      { VolumesFrom: ['workbench'] },
      { Mounts: [{ Type: 'bind', Source: '/var/run/docker.sock', Target: '/app/s', ReadOnly: true }] },
      { Mounts: [{ Type: 'volume', Source: '/etc', Target: '/app/etc', ReadOnly: true }] },
      { Mounts: Array(2).fill({ Type: 'volume', Source: 'a', Target: '/app/a', ReadOnly: true }) },
    ],
  },
  {
    name: 'temporary folders are bounded and honour neither setuid bits nor devices',
    holds: ({ Tmpfs }) =>
      Object.values(Tmpfs).every((options) =>
        [/\bnosuid\b/, /\bnodev\b/, /\bsize=\d+m\b/, /\bnr_inodes=\d+\b/].every((needed) => needed.test(options)),
      ),
    spoiled: [
      { Tmpfs: { '/tmp': 'rw,nosuid,nodev' } },
      { Tmpfs: { '/tmp': 'rw,size=64m,nodev' } },
      { Tmpfs: { '/tmp': 'rw,nosuid,nodev,size=64m' } },
    ],
  },
  {
    name: 'no device is given and no port is published',
    holds: (config) =>
      config.Devices.length === 0 &&
      Object.keys(config.PortBindings).length === 0 &&
      config.PublishAllPorts === false &&
      config.ExtraHosts.length === 0,
    spoiled: [
      { Devices: [{ PathOnHost: '/dev/sda', PathInContainer: '/dev/sda', CgroupPermissions: 'rwm' }] },
      { PortBindings: { '80/tcp': [{ HostPort: '80' }] } },
      { PublishAllPorts: true },
      { ExtraHosts: ['host:host-gateway'] },
    ],
  },
  {
    name: 'the runner alone removes, and restarts are counted',
    holds: ({ AutoRemove, RestartPolicy }, role) =>
      AutoRemove === false &&
      RestartPolicy.MaximumRetryCount === TABLE[role][6] &&
      RestartPolicy.Name === (TABLE[role][6] === 0 ? 'no' : 'on-failure'),
    spoiled: [{ AutoRemove: true }, { RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } }],
  },
  {
    name: 'no field is sent that these rules do not know',
    holds: (config) => Object.keys(config).every((field) => KNOWN.has(field)),
    spoiled: [
      { DeviceRequests: [{ Count: -1 }] },
      { CgroupParent: '/' },
      { GroupAdd: ['0'] },
      { MaskedPaths: [] },
      { ReadonlyPaths: [] },
      { Runtime: 'other' },
      { DeviceCgroupRules: ['a *:* rwm'] },
    ],
  },
];

const KNOWN = new Set(
  `NetworkMode Privileged CapDrop CapAdd SecurityOpt Init AutoRemove RestartPolicy PidMode IpcMode CgroupnsMode
   UsernsMode UTSMode ReadonlyRootfs Memory MemorySwap NanoCpus PidsLimit OomKillDisable OomScoreAdj ShmSize Ulimits
   LogConfig Tmpfs Mounts Devices Binds PortBindings PublishAllPorts ExtraHosts VolumesFrom Sysctls Dns DnsOptions`.split(
    /\s+/,
  ),
);

/** Names of the rules a HostConfig breaks. */
export function brokenRules(config: HostConfig, role: Role): string[] {
  return SANDBOX_RULES.filter(({ holds }) => !holds(config, role)).map(({ name }) => name);
}
