/** What a terminal needs of a WebSocket; the server adapts its own kind to this. */
export interface TerminalSocket {
  /** A string goes as a text frame, bytes as a binary one. `done` is called once it left, or never will. */
  send(data: string | Uint8Array, done: () => void): void;
  /** Bytes handed to send that the operating system has not taken yet. */
  readonly bufferedAmount: number;
  ping(): void;
  /** Stops and restarts reading from the peer, pongs included. */
  pause(): void;
  resume(): void;
  /** Says why, then closes; nothing the peer sends afterwards is delivered. */
  close(code: number, reason: string): void;
  /** Drops the connection at once. */
  terminate(): void;
  onMessage(receive: (data: Buffer, binary: boolean) => void): void;
  onPong(receive: () => void): void;
  /** Called once, as soon as either side closes; at once when that has already happened. */
  onClose(closed: () => void): void;
}
