import type {
  ApplyResult,
  CheckResult,
  FileContent,
  FileEntry,
  FlagResult,
  HintResult,
  PublicLab,
  Session,
} from '#contract';
import type { Engine } from './engine.ts';

/** Where a terminal attaches: a container that has the pty keeper, and the uid its shell runs as. */
export interface TerminalPlace {
  readonly engine: Engine;
  readonly container: string;
  readonly user: string;
  readonly shell: readonly string[];
}

/**
 * What the server needs of sessions. Every call names the user; a session of somebody else throws
 * DrydockError `no-such-session`, so that ids cannot be probed.
 */
export interface Sessions {
  labs(): readonly PublicLab[];
  /** Opens the lab, or returns the session this user already has on it. Resolves while it is still opening. */
  open(user: string, lab: string): Promise<Session>;
  list(user: string): readonly Session[];
  get(user: string, id: string): Session;
  /** Stops and removes everything; resolves when nothing is left. */
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
  check(user: string, id: string, task?: string): Promise<CheckResult>;
  flag(user: string, id: string, task: string, flag: string): Promise<FlagResult>;
  hint(user: string, id: string, task: string): Promise<HintResult>;

  terminal(user: string, id: string, target: string): Promise<TerminalPlace>;
  /** Calls back at once when the session ends (its sockets must close); returns the unsubscribe. */
  onEnd(id: string, ended: () => void): () => void;
}
