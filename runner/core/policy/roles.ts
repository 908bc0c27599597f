import type { ServiceRole } from '#contract';

/** What a container may be in a launch. A lab chooses among them; it cannot describe a new one. */
export type Role = ServiceRole | 'holder' | 'workbench' | 'checker' | 'filer' | 'cleaner';

export interface RoleLimits {
  /** uid:gid the container runs as. */
  readonly user: string;
  readonly capabilities: readonly string[];
  readonly readOnlyRoot: boolean;
  readonly memoryMiB: number;
  readonly cpus: number;
  readonly pids: number;
  readonly openFiles: number;
  /** Largest single file it may write, MiB. */
  readonly fileMiB: number;
  /** Mount point → tmpfs options. */
  readonly tmpfs: Readonly<Record<string, string>>;
  /** How often the engine restarts it after a failure. */
  readonly restarts: 0 | 3;
}

/** Docker's default set less NET_RAW, MKNOD, SYS_CHROOT and AUDIT_WRITE: what the containers lab has its learners drop. */
const CONTAINER_DEFAULTS = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
] as const;

/** How many files it holds for each MiB: an empty one takes a kilobyte of memory that its size does not count. */
const INODES_PER_MIB = 128;

export const tmpfs = (mebibytes: number, options = '') =>
  `rw,nosuid,nodev,size=${mebibytes}m,nr_inodes=${mebibytes * INODES_PER_MIB},mode=1777${options}`;

/** Sandbox values per role (SECURITY.md, "Sandbox"). */
export const ROLES: Readonly<Record<Role, RoleLimits>> = {
  holder: {
    user: '65534:65534',
    capabilities: [],
    readOnlyRoot: true,
    memoryMiB: 16,
    cpus: 0.1,
    pids: 32,
    openFiles: 64,
    fileMiB: 0,
    tmpfs: {},
    restarts: 0,
  },
  workbench: {
    user: '1000:1000',
    capabilities: [],
    readOnlyRoot: false,
    memoryMiB: 1024,
    cpus: 1,
    pids: 512,
    openFiles: 4096,
    fileMiB: 1024,
    tmpfs: { '/tmp': tmpfs(256, ',exec') },
    restarts: 0,
  },
  service: {
    user: '10001:10001',
    capabilities: [],
    readOnlyRoot: true,
    memoryMiB: 256,
    cpus: 0.5,
    pids: 128,
    openFiles: 1024,
    fileMiB: 64,
    tmpfs: { '/tmp': tmpfs(64) },
    restarts: 3,
  },
  database: {
    user: '10005:10005',
    capabilities: [],
    readOnlyRoot: true,
    memoryMiB: 512,
    cpus: 1,
    pids: 256,
    openFiles: 4096,
    fileMiB: 1024,
    tmpfs: { '/tmp': tmpfs(64) },
    restarts: 3,
  },
  broker: {
    user: '10006:10006',
    capabilities: [],
    readOnlyRoot: true,
    memoryMiB: 512,
    cpus: 1,
    pids: 256,
    openFiles: 4096,
    fileMiB: 1024,
    tmpfs: { '/tmp': tmpfs(64) },
    restarts: 3,
  },
  // At the position of a service, in front of it.
  sidecar: {
    user: '10001:10001',
    capabilities: [],
    readOnlyRoot: true,
    memoryMiB: 64,
    cpus: 0.25,
    pids: 32,
    openFiles: 4096,
    fileMiB: 16,
    tmpfs: { '/tmp': tmpfs(16) },
    restarts: 3,
  },
  // Packet sockets need uid 0 with NET_RAW; what it runs is the lab's, never the learner's.
  sensor: {
    user: '0:0',
    capabilities: ['NET_RAW'],
    readOnlyRoot: true,
    memoryMiB: 256,
    cpus: 0.5,
    pids: 64,
    openFiles: 1024,
    fileMiB: 64,
    tmpfs: { '/tmp': tmpfs(64) },
    restarts: 3,
  },
  // A container as Docker makes it when nobody thinks about it, inside our outer limits: the lesson is to confine it.
  'container-lab': {
    user: '0:0',
    capabilities: CONTAINER_DEFAULTS,
    readOnlyRoot: false,
    memoryMiB: 256,
    cpus: 0.5,
    pids: 128,
    openFiles: 1024,
    fileMiB: 64,
    tmpfs: { '/tmp': tmpfs(64) },
    restarts: 3,
  },
  checker: {
    user: '10002:10002',
    capabilities: [],
    readOnlyRoot: true,
    memoryMiB: 512,
    cpus: 1,
    pids: 128,
    openFiles: 1024,
    fileMiB: 16,
    tmpfs: { '/tmp': tmpfs(64, ',noexec') },
    restarts: 0,
  },
  // Created, never started: it only lends its mounts to the archive call.
  filer: {
    user: '65534:65534',
    capabilities: [],
    readOnlyRoot: false,
    memoryMiB: 16,
    cpus: 0.1,
    pids: 8,
    openFiles: 64,
    fileMiB: 0,
    tmpfs: {},
    restarts: 0,
  },
  // Runs for a moment as the owner of a data volume, to empty it.
  cleaner: {
    user: '10005:10005',
    capabilities: [],
    readOnlyRoot: true,
    memoryMiB: 32,
    cpus: 0.5,
    pids: 8,
    openFiles: 64,
    fileMiB: 0,
    tmpfs: {},
    restarts: 0,
  },
};
