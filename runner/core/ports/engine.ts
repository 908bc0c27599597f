import type { HostConfig } from '../policy/host-config.ts';

/** Labels on everything we create. The engine's labels are the truth about what runs. */
export type Labels = Readonly<Record<string, string>>;

export interface EngineFacts {
  readonly node: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly rootless: boolean;
}

export interface NetworkSpec {
  readonly name: string;
  /** CIDR, a /28. */
  readonly subnet: string;
  /** Linux interface name, at most 15 characters. */
  readonly bridge: string;
  readonly labels: Labels;
}

export interface VolumeSpec {
  readonly name: string;
  readonly labels: Labels;
  /** A tmpfs of this many bytes and inodes; without it a plain volume on disk, only ever written by a filer. */
  readonly limit?: { readonly bytes: number; readonly inodes: number };
}

export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly labels: Labels;
  /** argv; [] keeps the image's own. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** uid or uid:gid, or '' for the image's own. */
  readonly user: string;
  readonly workingDir: string;
  /** True: stdin, stdout and stderr can be attached before start, and stdin closes with us. */
  readonly interactive: boolean;
  readonly hostname?: string;
  readonly hostConfig: HostConfig;
  /** Networks of a holder (empty for a container that joins one). */
  readonly endpoints: readonly { readonly network: string; readonly aliases: readonly string[] }[];
}

export interface ContainerState {
  readonly id: string;
  readonly name: string;
  readonly running: boolean;
  readonly exitCode: number | null;
  readonly oomKilled: boolean;
  readonly restarts: number;
  readonly labels: Labels;
  /** Network name → IPv4 address. */
  readonly addresses: Readonly<Record<string, string>>;
  /** HostConfig as the engine reports it. */
  readonly hostConfig: Readonly<Record<string, unknown>>;
  readonly user: string;
  readonly image: string;
}

export interface ExecSpec {
  /** argv with an absolute program path; never a shell line with a learner's words in it. */
  readonly argv: readonly string[];
  readonly user: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Chunk {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Buffer;
}

/** A byte channel to a process. Output is pulled: nothing is read from the engine until the consumer asks. */
export interface Channel extends AsyncDisposable {
  /** Resolves once the bytes are handed to the kernel or buffered below the high-water mark. */
  write(bytes: Uint8Array): Promise<void>;
  /** Half-close: the process sees end of input, its output goes on. */
  endInput(): void;
  readonly output: AsyncIterable<Chunk>;
  /** Drops the connection. Closing does not end the process (Docker keeps it): see the pty keeper. */
  close(): void;
  /** Exit code, once output ended. */
  exitCode(): Promise<number>;
}

export interface Owned {
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
}

export interface Inventory {
  readonly containers: readonly (Owned & { readonly running: boolean })[];
  readonly networks: readonly Owned[];
  readonly volumes: readonly Owned[];
}

/** Bytes of files, and how many files and folders were made, changed or removed. */
export interface Written {
  readonly bytes: number;
  readonly entries: number;
}

/**
 * One machine's container engine. Every call has a deadline and throws DrydockError
 * (`engine-unavailable` when it does not answer, `engine-refused` when it says no).
 * Removing what is not there succeeds.
 */
export interface Engine {
  readonly node: string;
  facts(): Promise<EngineFacts>;

  createNetwork(spec: NetworkSpec): Promise<string>;
  removeNetwork(id: string): Promise<void>;
  /** CIDRs of every network of this engine, ours or not. */
  subnets(): Promise<string[]>;

  createVolume(spec: VolumeSpec): Promise<void>;
  removeVolume(name: string): Promise<void>;

  createContainer(spec: ContainerSpec): Promise<string>;
  startContainer(id: string): Promise<void>;
  killContainer(id: string, signal: string): Promise<void>;
  /** Forced, with its anonymous volumes. */
  removeContainer(id: string): Promise<void>;
  inspectContainer(id: string): Promise<ContainerState | null>;
  /** Resolves with the exit code when it stops. */
  waitContainer(id: string): Promise<number>;
  /** Memory it cannot do without now, bytes; 0 for one that is not running. */
  workingSet(id: string): Promise<number>;
  /** What it added to its root file system. */
  written(id: string): Promise<Written>;
  /** The last `tail` lines of both streams, ANSI left as it is. */
  logs(id: string, tail: number): Promise<string>;

  /** Unpacks a plain (never compressed) tar into a container that was created and never started. */
  putFiles(id: string, path: string, tar: Uint8Array): Promise<void>;

  /** Call before startContainer on an interactive container. */
  attach(id: string): Promise<Channel>;
  exec(id: string, spec: ExecSpec): Promise<Channel>;

  /** Everything that carries all these labels, stopped containers too. */
  list(labels: Labels): Promise<Inventory>;

  /** Image id and layer digests, or null when the tag is not there. */
  image(tag: string): Promise<{ readonly id: string; readonly layers: readonly string[] } | null>;
}

/** The machines labs may run on. One by default. */
export interface Engines {
  readonly nodes: readonly string[];
  on(node: string): Engine;
}
