import type { Chunk, Labels } from '../../core/ports/engine.ts';

/** What a program sees of the container it runs in. */
export interface ProgramContainer {
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
  /** A file as the container sees it, volumes included; null when there is none. */
  read(path: string): Buffer | null;
  /** Throws where the container may not write. */
  write(path: string, bytes: Uint8Array): void;
}

export interface ProgramIo {
  readonly argv: readonly string[];
  readonly user: string;
  readonly env: Readonly<Record<string, string>>;
  readonly container: ProgramContainer;
  readonly input: AsyncIterable<Uint8Array>;
  /** Waits while nobody reads. */
  write(bytes: Uint8Array, stream?: Chunk['stream']): Promise<void>;
  /** Aborted when the process is killed; a program that never ends must heed it. */
  readonly signal: AbortSignal;
}

/** Stands in for an executable; returns the exit code. */
export type Program = (io: ProgramIo) => Promise<number>;

/** Absolute path → program. */
export type Programs = Readonly<Record<string, Program>>;
