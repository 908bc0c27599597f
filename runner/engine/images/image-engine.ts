import type { Readable, Writable } from 'node:stream';

export interface BuildOrder {
  readonly tag: string;
  readonly context: Readable;
  readonly args: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

export interface StoredImage {
  readonly id: string;
  readonly tags: readonly string[];
  readonly bytes: number;
}

/**
 * What building and moving images needs of an engine. `told` is called with each line the engine says.
 * Throws DrydockError `engine-unavailable` or `engine-refused`; a build that fails leaves no tag.
 */
export interface ImageEngine {
  has(tag: string): Promise<boolean>;
  /** Fetches from a registry; false when none answers within `answerMs` or it has no such image. */
  pull(
    reference: { repository: string; tag: string },
    as: string,
    answerMs: number,
    told: (line: string) => void,
  ): Promise<boolean>;
  /** Makes an image of one layer out of a root file system's tar. */
  import(tar: Readable, tag: string): Promise<void>;
  build(order: BuildOrder, told: (line: string) => void): Promise<void>;
  save(tags: readonly string[], to: Writable): Promise<void>;
  load(from: Readable, told: (line: string) => void): Promise<void>;
  /** Images whose repository starts with `drydock/`. */
  list(): Promise<StoredImage[]>;
  /** Those, and the unnamed layers that were built on them. */
  removeAll(): Promise<number>;
}
