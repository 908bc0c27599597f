import { TERMINAL_ACK_EVERY, TERMINAL_CLOSE, TERMINAL_MAX_FRAME, TerminalDown, type TerminalUp } from '#contract';

export type TerminalState = 'connecting' | 'connected' | 'reconnecting' | 'ended' | 'elsewhere' | 'closed';

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
/** The order to end a shell that was not obeyed by then is given again over a new line. */
const END_WITHIN = 2000;
/** A line on which no shell has answered by then, is given up for another: the way to the server may have been lost. */
const ATTACHED_WITHIN = 12_000;
/** From here on connecting again does not help (RFC 6455, 7.4.2). */
const FINAL_CODES = 4000;

/** One shell over one WebSocket at a time: counts output, acks what is drawn, comes back where it was cut off. */
export function connectTerminal(wires: Wires) {
  let socket: WebSocket | null = null;
  let next: number | null = null;
  let wait = FIRST_WAIT;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let late: ReturnType<typeof setTimeout> | undefined;
  let problem = '';
  let over = false;
  let ending = false;
  /** The shell ended, or is another window's now: there is nothing of ours to end. */
  let parted = false;

  function connect(): void {
    clearTimeout(timer);
    clearTimeout(late);
    late = setTimeout(connectAnew, ATTACHED_WITHIN);
    parted = false;
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
        if (drawn - acked < TERMINAL_ACK_EVERY || socket !== mine) return;
        acked = drawn;
        say({ type: 'ack', bytes: drawn });
      });
    };
    mine.onclose = ({ code }) => {
      if (socket !== mine || over) return;
      socket = null;
      clearTimeout(late);
      if (code >= FINAL_CODES && !ending) {
        parted = true;
        wires.state(code === TERMINAL_CLOSE.takenOver ? 'elsewhere' : 'ended');
        return;
      }
      wires.state('reconnecting');
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
  }

  function say(message: TerminalUp): void {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  function hear(text: string): void {
    const message = TerminalDown.safeParse(parseJson(text));
    if (!message.success) return;
    if (message.data.type === 'attached') attached(message.data);
    else if (message.data.type === 'exit') ended(message.data.code);
    else complain(`${message.data.title}. ${message.data.message} ${message.data.hint}`);
  }

  function attached({ seq, skipped }: { seq: number; skipped: number }): void {
    clearTimeout(late);
    if (ending) {
      end();
      return;
    }
    if (skipped > 0) wires.note(`${skipped} bytes skipped`);
    else if (next === null && seq > 0) wires.note(`the first ${seq} bytes are no longer kept`);
    else if (next !== null && seq < next) wires.note('the shell from before is gone, this is a new one');
    next = seq;
    wait = FIRST_WAIT;
    problem = '';
    wires.state('connected');
    resize();
  }

  /** Once: each try to come back would say it again. */
  function complain(what: string): void {
    if (what !== problem) wires.note(what);
    problem = what;
  }

  function ended(code: number): void {
    if (ending) {
      close();
      return;
    }
    const closing = socket;
    socket = null;
    next = null;
    parted = true;
    closing?.close();
    wires.note(`The shell ended with code ${code}. Press Enter for a new one.`);
    wires.state('ended');
  }

  /** Sends the terminal's size, as it is now. */
  function resize(): void {
    say({ type: 'resize', ...wires.size() });
  }

  /** Ends the shell and its jobs, then closes; without a line it does so as soon as there is one. */
  function end(): void {
    if (parted) close();
    if (over) return;
    ending = true;
    say({ type: 'close' });
    if (socket === null) connect();
    else {
      clearTimeout(timer);
      // Its way in may be blocked by what was pasted before; that of a new line is not.
      timer = setTimeout(connectAnew, END_WITHIN);
    }
  }

  function connectAnew(): void {
    const stuck = socket;
    socket = null;
    stuck?.close();
    connect();
  }

  function close(): void {
    over = true;
    clearTimeout(timer);
    clearTimeout(late);
    socket?.close();
    socket = null;
    wires.state('closed');
  }

  connect();
  return {
    resize,
    end,
    /** Leaves the shell running. */
    close,
    /** false when there is no line: what was typed is dropped, and the state says so. */
    type(bytes: Uint8Array<ArrayBuffer>): boolean {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      for (let at = 0; at < bytes.length; at += TERMINAL_MAX_FRAME)
        socket.send(bytes.subarray(at, at + TERMINAL_MAX_FRAME));
      return true;
    },
    /** Connects now: after the shell ended or went to another window, or when the learner does not want to wait. */
    again() {
      if (socket !== null || over) return;
      wires.state('connecting');
      connect();
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
