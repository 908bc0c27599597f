/** What the runner asks of the agent. `id` pairs answers with questions. */
export type AgentRequest =
  | { readonly id: number; readonly op: 'list' }
  | { readonly id: number; readonly op: 'read'; readonly path: string }
  | {
      readonly id: number;
      readonly op: 'write';
      readonly path: string;
      readonly content: string;
      readonly version: string | null;
    }
  | { readonly id: number; readonly op: 'snapshot' }
  | { readonly id: number; readonly op: 'put'; readonly files: readonly PutFile[] }
  | { readonly op: 'lab-output'; readonly call: number; readonly text: string }
  | { readonly op: 'lab-exit'; readonly call: number; readonly code: number };

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

/** What the agent says. */
export type AgentMessage =
  | { readonly type: 'hello'; readonly root: string }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'refusal'; readonly id: number; readonly refusal: AgentRefusal; readonly message: string }
  /** Something in the workspace is not as it was. */
  | { readonly type: 'changed' }
  | { readonly type: 'lab'; readonly call: number; readonly argv: readonly string[] }
  | { readonly type: 'lab-gone'; readonly call: number };

export const LIMITS = {
  files: 2000,
  fileBytes: 1_048_576,
  totalBytes: 16 * 1_048_576,
  depth: 12,
  /** Calls of the `lab` command at the same time, the words of one and the characters of a word. */
  calls: 16,
  words: 20,
  wordLength: 4096,
} as const;

/** Where the `lab` command finds the agent. */
export const LAB_SOCKET = '/tmp/.drydock/lab.sock';
