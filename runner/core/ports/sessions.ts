import type {
  ApplyResult,
  CheckResult,
  FileContent,
  FileEntry,
  FlagResult,
  HintResult,
  PublicLab,
  ResetRequest,
  ResetResult,
  Session,
} from '#contract';
import type { Engine } from './engine.ts';

/** Where a terminal attaches: a container that has the pty keeper, and the uid its shell runs as. */
export interface TerminalPlace {
  readonly engine: Engine;
  readonly container: string;
  readonly user: string;
  readonly shell: readonly string[];
  /** To be called when the learner types: output alone does not keep a lab from being idle. */
  readonly typed: () => void;
}

/**
 * What the server needs of sessions. Every call names the user; a session of somebody else throws
 * DrydockError `no-such-session`, so that ids cannot be probed.
 */
export interface Sessions {
  labs(): readonly PublicLab[];
  /**
   * Opens the lab, or returns the session this user already has on it; one that is at rest is opened again with the
   * files as they were left. Resolves while it is still opening.
   */
  open(user: string, lab: string): Promise<Session>;
  list(user: string): readonly Session[];
  get(user: string, id: string): Session;
  /** Stops the lab and removes what runs; the work is kept. Resolves when nothing is left on the engine. */
  stop(user: string, id: string): Promise<Session>;

  files(user: string, id: string): Promise<FileEntry[]>;
  readFile(user: string, id: string, path: string): Promise<FileContent>;
  /** Throws `file-changed` when `version` is not what is there. */
  writeFile(
    user: string,
    id: string,
    file: { path: string; content: string; version: string | null },
  ): Promise<FileContent>;

  apply(user: string, id: string): Promise<ApplyResult>;
  /** Puts a part back as the lab shipped it. Files are not deployed by it; data is. */
  reset(user: string, id: string, what: ResetRequest): Promise<ResetResult>;
  /** Its learner is still there; where sessions have a limit, takes one of the renewals. Throws `no-more-time`. */
  extend(user: string, id: string): Promise<Session>;
  check(user: string, id: string, task?: string): Promise<CheckResult>;
  flag(user: string, id: string, task: string, flag: string): Promise<FlagResult>;
  hint(user: string, id: string, task: string): Promise<HintResult>;

  terminal(user: string, id: string, target: string): Promise<TerminalPlace>;
  /** Calls back at once when the session ends (its sockets must close); returns the unsubscribe. */
  onEnd(id: string, ended: () => void): () => void;
}
