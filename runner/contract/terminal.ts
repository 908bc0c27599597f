import { z } from 'zod';

/**
 * The terminal WebSocket, `/api/sessions/ID/terminal?target=T&name=N&from=SEQ`.
 *
 * Binary frames are bytes: keystrokes up, output down. Text frames are the JSON messages below.
 * Output is numbered: byte k of a shell's life has sequence number k. `attached.seq` is the number of the
 * next byte; a client counts from there and asks with `from` after a cut. `skipped` says how many bytes it
 * missed because the 256 KiB ring had moved on. A `seq` below `from` is the start of another shell's life.
 *
 * Closing the socket leaves the shell running for whoever comes back; only `close` and the session's end end it.
 */
export const TerminalUp = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('resize'), cols: z.int().min(2).max(1000), rows: z.int().min(1).max(1000) }),
  /** Output bytes the client has drawn so far, counted from `attached`; the server stops 512 KiB ahead of it. */
  z.strictObject({ type: z.literal('ack'), bytes: z.int().min(0) }),
  /**
   * Ends the shell and every process of its terminal's session within 5 s, background jobs too; a process that left
   * the session (setsid) lives on within the container's limits. `exit` answers; no output comes after this.
   */
  z.strictObject({ type: z.literal('close') }),
]);
export type TerminalUp = z.infer<typeof TerminalUp>;

export const TerminalDown = z.discriminatedUnion('type', [
  z.object({ type: z.literal('attached'), seq: z.int(), skipped: z.int() }),
  z.object({ type: z.literal('exit'), code: z.int() }),
  z.object({ type: z.literal('problem'), title: z.string(), message: z.string(), hint: z.string() }),
]);
export type TerminalDown = z.infer<typeof TerminalDown>;

/** How far output may run ahead of the last ack, in bytes. */
export const TERMINAL_WINDOW = 512 * 1024;
/** A client acks at least every this many bytes. */
export const TERMINAL_ACK_EVERY = 64 * 1024;
/** Largest frame a client may send, in bytes. */
export const TERMINAL_MAX_FRAME = 64 * 1024;

/**
 * Why the server closes a terminal. Below 4000 as in RFC 6455 and its IANA registry: connecting again may help.
 * From 4000 on it does not.
 */
export const TERMINAL_CLOSE = {
  exited: 1000,
  notText: 1007,
  notUnderstood: 1008,
  failed: 1011,
  restarting: 1012,
  stalled: 1013,
  sessionEnded: 4001,
  signedOut: 4002,
  /** The same shell was opened in another window. */
  takenOver: 4003,
} as const;

export const TerminalQuery = z.object({
  target: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  name: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/)
    .default('main'),
  from: z.coerce.number().int().min(0).optional(),
  cols: z.coerce.number().int().min(2).max(1000).default(80),
  rows: z.coerce.number().int().min(1).max(1000).default(24),
});
