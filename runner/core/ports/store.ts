import type { Problem, SessionState, Verdict } from '#contract';

/** A learner's hold on a lab, as it outlives the runner. Times are milliseconds since the epoch. */
export interface SessionRecord {
  readonly id: string;
  readonly user: string;
  readonly lab: string;
  readonly state: SessionState;
  /** The launch it holds, or held last. A session that is reopened gets a new one. */
  readonly launch: string;
  readonly node: string;
  readonly openedAt: number;
  /** null: no limit. */
  readonly expiresAt: number | null;
  readonly renewals: number;
  /** When its learner last did something. */
  readonly activeAt: number;
  readonly problem: Problem | null;
}

/** What of a session changes. */
export type SessionChange = Partial<Omit<SessionRecord, 'id' | 'user' | 'lab'>>;

/** How far a session is with one task. */
export interface TaskRecord {
  readonly task: string;
  /** Of a break task: when its flag was handed in. */
  readonly flaggedAt: number | null;
  /** Of a fix task: what the last check said. */
  readonly verdict: Verdict | null;
  /** How many hints were shown. */
  readonly hints: number;
}

/** One thing that counts, never changed afterwards: a check's verdict or a flag handed in. */
export interface Attempt {
  readonly session: string;
  readonly user: string;
  readonly lab: string;
  readonly launch: string;
  readonly task: string;
  readonly kind: 'check' | 'flag';
  /** `passed`, `not-yet`, `broken` of a check; `accepted`, `refused` of a flag. */
  readonly outcome: 'passed' | 'not-yet' | 'broken' | 'accepted' | 'refused';
  readonly at: number;
}

/** A browser that is signed in. */
export interface SignIn {
  /** Digest of the cookie; the cookie itself is kept nowhere. */
  readonly key: string;
  readonly user: string;
  readonly expiresAt: number;
}

/** `latest`: as the learner's files are. `applied`: as they were when they were last deployed. */
export type SnapshotKind = 'latest' | 'applied';

export interface Snapshot {
  readonly at: number;
  /** Path → content. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * What was earned and written: the engine's labels are the truth about what runs, this about the rest. Every promise
 * that resolves is on disk. Throws DrydockError `store-failed` when it cannot be written; then nothing of the call is.
 */
export interface Store extends AsyncDisposable {
  /**
   * The session this user has on this lab, made by `fresh` when there is none: at most one exists, however many ask
   * at once. `made` says whether it is the one just made.
   */
  claimSession(
    user: string,
    lab: string,
    fresh: () => SessionRecord,
  ): Promise<{ readonly session: SessionRecord; readonly made: boolean }>;
  /** Throws `no-such-session`. */
  changeSession(id: string, change: SessionChange): Promise<void>;
  /** All there are, oldest first. */
  sessions(): Promise<SessionRecord[]>;
  /** The session and everything of it, attempts not: they are what was earned. */
  removeSession(id: string): Promise<void>;

  tasks(session: string): Promise<TaskRecord[]>;
  /** Throws `no-such-session`. */
  changeTask(session: string, task: string, change: Partial<Omit<TaskRecord, 'task'>>): Promise<void>;
  addAttempts(attempts: readonly Attempt[]): Promise<void>;
  /** Oldest first. */
  attempts(session: string): Promise<Attempt[]>;

  /** Replaces the snapshot of this kind. Content that is already there is not written again. Throws `no-such-session`. */
  saveSnapshot(session: string, kind: SnapshotKind, snapshot: Snapshot): Promise<void>;
  snapshot(session: string, kind: SnapshotKind): Promise<Snapshot | null>;

  /** A browser that signed in stays so when the runner is started again. */
  addSignIn(signIn: SignIn): Promise<void>;
  signIns(): Promise<SignIn[]>;
  removeSignIn(key: string): Promise<void>;

  /** Writes a consistent copy of everything to a new file while others go on. Throws `usage` when it exists. */
  backup(file: string): Promise<void>;
  /** Resolves when a small write reached the disk; throws `store-failed` otherwise. */
  probe(): Promise<void>;
}
