/** What a container may be in a launch. A lab chooses among them; it cannot describe a new one. */
export type Role = 'holder' | 'workbench' | 'service' | 'database' | 'checker' | 'filer' | 'cleaner';

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

/** How many files it holds for each MiB: an empty one takes a kilobyte of memory that its size does not count. */
const INODES_PER_MIB = 128;

const tmpfs = (mebibytes: number, options = '') =>
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
  }, // Runs for a moment as the owner of a data volume, to empty it.
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
