import type { TerminalPlace } from './sessions.ts';

export interface Screen {
  readonly cols: number;
  readonly rows: number;
}

/** Who sits at a shell, wherever that is. */
export interface ShellPeer {
  readonly screen: Screen;
  /** What is typed. Its end is typed as Ctrl-D. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Waits while the peer takes nothing. */
  write(bytes: Uint8Array): Promise<void>;
  /** Calls back with every change of the screen's size. */
  onResize(resized: (screen: Screen) => void): void;
  readonly gone: AbortSignal;
}

/** The shell exited, or somebody else attached to it, or the peer has gone: then it lives on. */
export type ShellEnd = { readonly type: 'exit'; readonly code: number } | { readonly type: 'let-go' };

/** Attaches a peer to the shell of a name at a place, starting it when there is none. Throws `workbench-lost`. */
export type AttachShell = (place: Omit<TerminalPlace, 'typed'>, name: string, peer: ShellPeer) => Promise<ShellEnd>;
