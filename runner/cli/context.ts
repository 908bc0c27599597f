import type { DockerAddress } from '../engine/connect.ts';

/** What the command line knows of the world: read once in drydock.ts, handed down from there. */
export interface CliContext {
  /** The checkout. */
  readonly root: string;
  /** DRYDOCK_HOME, or .drydock in the user's home. */
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly uid: number;
  readonly user: string;
  readonly engine: { readonly address: DockerAddress /** True when DOCKER_HOST said so. */; readonly given: boolean };
  /** A person can be asked: both ends are a terminal and this is no CI. */
  readonly canAsk: boolean;
  /** Standard error can redraw lines. */
  readonly terminal: boolean;
  /** Standard output, for what a program may read. */
  readonly out: (line: string) => void;
  /** Standard error, for people. */
  readonly say: (line: string) => void;
  /** Raw text to standard error, for redrawing. */
  readonly draw: (text: string) => void;
  readonly columns: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly clock: () => number;
}
