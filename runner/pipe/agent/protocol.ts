/** What the runner asks of the agent. `id` pairs answers with questions. */
export type AgentRequest =
  | { readonly id: number; readonly op: 'list' }
  | { readonly id: number; readonly op: 'read'; readonly path: string }
  | {
      readonly id: number;
      readonly op: 'write';
      readonly path: string;
      /** Base64. */
      readonly content: string;
      readonly version: string | null;
    }
  /** Answered by a `part` for each file, then the answer. */
  | { readonly id: number; readonly op: 'snapshot' }
  | { readonly id: number; readonly op: 'put'; readonly folder: PutFolder; readonly files: readonly PutFile[] }
  | { readonly op: 'lab-output'; readonly call: number; readonly text: string }
  | { readonly op: 'lab-exit'; readonly call: number; readonly code: number }
  /** A stream to the terminal a `lab` command was typed in. */
  | { readonly op: 'attach'; readonly stream: number; readonly call: number }
  /** A stream to whatever answers at a host and port the workbench reaches. */
  | { readonly op: 'tunnel'; readonly stream: number; readonly host: string; readonly port: number }
  | ({ readonly op: 'stream' } & StreamMessage);

/** Where files are put: the workspace, or what was captured, beside it. */
export type PutFolder = 'workspace' | 'captures';

/** Why the agent could not do what was asked. */
export type AgentRefusal = 'missing' | 'changed' | 'not-text' | 'not-a-file' | 'too-large' | 'outside' | 'failed';

/** A file as it is to be, whatever it was; without content it is to be gone. */
export interface PutFile {
  readonly path: string;
  /** Base64. */
  readonly content: string | null;
}

export interface SnapshotFile {
  readonly path: string;
  /** Base64. */
  readonly content: string;
}

/** Both ends of a stream say the same: bytes, how many more may come, the end of input, that it is over. */
export type StreamMessage =
  | { readonly type: 'data'; readonly stream: number; readonly bytes: string }
  | { readonly type: 'credit'; readonly stream: number; readonly bytes: number }
  | { readonly type: 'end'; readonly stream: number }
  | { readonly type: 'close'; readonly stream: number; readonly why: CloseReason };

export const CLOSE_REASONS = ['closed', 'refused', 'unreachable', 'reset'] as const;
export type CloseReason = (typeof CLOSE_REASONS)[number];

export interface ScreenSize {
  readonly cols: number;
  readonly rows: number;
}

/** What the agent says. */
export type AgentMessage =
  | { readonly type: 'hello'; readonly root: string }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | ({ readonly type: 'part'; readonly id: number } & SnapshotFile)
  | { readonly type: 'refusal'; readonly id: number; readonly refusal: AgentRefusal; readonly message: string }
  /** Something in the workspace is not as it was. */
  | { readonly type: 'changed' }
  /** `size` of the terminal it was typed in; null where there is none. */
  | { readonly type: 'lab'; readonly call: number; readonly argv: readonly string[]; readonly size: ScreenSize | null }
  | { readonly type: 'lab-gone'; readonly call: number }
  | ({ readonly type: 'resize'; readonly call: number } & ScreenSize)
  /** A tunnel has reached its host. */
  | { readonly type: 'opened'; readonly stream: number }
  | StreamMessage;

export const LIMITS = {
  files: 2000,
  fileBytes: 1_048_576,
  totalBytes: 16 * 1_048_576,
  depth: 12,
  /** What the runner takes of one message: a list of all files fits, and none that would stop it while it is read. */
  frameBytes: 2 * 1_048_576,
  frameValues: 32_768,
  /** Calls of the `lab` command at the same time, the words of one and the characters of a word. */
  calls: 16,
  words: 20,
  wordLength: 4096,
  /** Columns and rows of a screen. */
  screen: 1000,
  /** Streams to hosts at the same time. */
  tunnels: 32,
  /** Bytes of a stream under way in one direction, and of one message of it. */
  streamWindow: 256 * 1024,
  streamFrame: 32 * 1024,
} as const;

/** Where the `lab` command finds the agent. */
export const LAB_SOCKET = '/tmp/.drydock/lab.sock';
