import { TERMINAL_ACK_EVERY, TERMINAL_MAX_FRAME, TerminalDown } from '#contract';

export type TerminalState = 'connecting' | 'connected' | 'reconnecting' | 'ended' | 'closed';

export interface Wires {
  readonly address: (query: { from: number | null; cols: number; rows: number }) => string;
  readonly size: () => { cols: number; rows: number };
  readonly state: (state: TerminalState) => void;
  /** Draws output; calls back once it is drawn. */
  readonly draw: (bytes: Uint8Array, drawn: () => void) => void;
  /** A line of our own between the output. */
  readonly note: (text: string) => void;
  readonly open?: (address: string) => WebSocket;
}

const FIRST_WAIT = 250;
const LONGEST_WAIT = 5000;

/** One shell over one WebSocket at a time: counts output, acks what is drawn, comes back where it was cut off. */
export function connectTerminal(wires: Wires) {
  let socket: WebSocket | null = null;
  let next: number | null = null;
  let wait = FIRST_WAIT;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  function connect(): void {
    clearTimeout(timer);
    const mine = (wires.open ?? ((address) => new WebSocket(address)))(wires.address({ from: next, ...wires.size() }));
    mine.binaryType = 'arraybuffer';
    socket = mine;
    let drawn = 0;
    let acked = 0;
    mine.onmessage = ({ data }) => {
      if (socket !== mine) return;
      if (typeof data === 'string') return hear(data);
      const bytes = new Uint8Array(data as ArrayBuffer);
      next = (next ?? 0) + bytes.length;
      wires.draw(bytes, () => {
        drawn += bytes.length;
        if (drawn - acked < TERMINAL_ACK_EVERY || mine.readyState !== WebSocket.OPEN) return;
        acked = drawn;
        mine.send(JSON.stringify({ type: 'ack', bytes: drawn }));
      });
    };
    mine.onclose = () => {
      if (socket !== mine || over) return;
      socket = null;
      wires.state('reconnecting');
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
  }

  function hear(text: string): void {
    const message = TerminalDown.safeParse(parseJson(text));
    if (!message.success) return;
    if (message.data.type === 'attached') attached(message.data);
    else if (message.data.type === 'exit') ended(message.data.code);
    else wires.note(`${message.data.title}. ${message.data.message} ${message.data.hint}`);
  }

  function attached({ seq, skipped }: { seq: number; skipped: number }): void {
    if (skipped > 0) wires.note(`${skipped} bytes skipped`);
    next = seq;
    wait = FIRST_WAIT;
    wires.state('connected');
    resize();
  }

  function ended(code: number): void {
    const closing = socket;
    socket = null;
    next = null;
    closing?.close();
    wires.note(`The shell ended with code ${code}. Press Enter for a new one.`);
    wires.state('ended');
  }

  /** Sends the terminal's size, as it is now. */
  function resize(): void {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: 'resize', ...wires.size() }));
  }

  connect();
  return {
    resize,
    /** false when there is no line: what was typed is dropped, and the state says so. */
    type(bytes: Uint8Array<ArrayBuffer>): boolean {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      for (let at = 0; at < bytes.length; at += TERMINAL_MAX_FRAME)
        socket.send(bytes.subarray(at, at + TERMINAL_MAX_FRAME));
      return true;
    },
    /** Connects now: after the shell ended, or when the learner does not want to wait. */
    again() {
      if (socket !== null || over) return;
      wires.state('connecting');
      connect();
    },
    close() {
      over = true;
      clearTimeout(timer);
      socket?.close();
      socket = null;
      wires.state('closed');
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
