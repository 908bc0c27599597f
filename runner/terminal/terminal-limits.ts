/** How long and how much a terminal waits for its peer. Milliseconds and bytes. */
export interface TerminalLimits {
  readonly pingEvery: number;
  readonly missedPongs: number;
  /** Output that waits this long without any progress closes the terminal. */
  readonly stalledAfter: number;
  /** Output the peer has not taken off the connection; above it nothing more is pulled. */
  readonly bufferedOutput: number;
  /** Input the container has not taken; above it nothing more is read from the peer. */
  readonly bufferedInput: number;
  /** A shell told to end that is still there after this long was ended in vain. */
  readonly endWithin: number;
  /** A keeper that has not answered by then is given up; the peer may try again. */
  readonly attachWithin: number;
  /** Largest output message. */
  readonly message: number;
}

export const TERMINAL_LIMITS: TerminalLimits = {
  pingEvery: 15_000,
  missedPongs: 2,
  stalledAfter: 60_000,
  bufferedOutput: 1024 * 1024,
  bufferedInput: 256 * 1024,
  endWithin: 5000,
  attachWithin: 10_000,
  message: 64 * 1024,
};
