import { DrydockError } from '#contract';
import { type AgentMessage, type AgentRequest, LIMITS, type ScreenSize } from './agent/protocol.ts';
import type { StreamEnd } from './agent/stream.ts';

/** One call of the `lab` command, still waiting for its answer. */
export interface LabCall {
  readonly argv: readonly string[];
  /** Size of the terminal it was typed in; null where there is none. */
  readonly size: ScreenSize | null;
  /** Aborted when the caller has gone away. */
  readonly gone: AbortSignal;
  print(text: string): void;
  exit(code: number): void;
  /** Takes over the terminal: what is typed there, and what is shown. Once. */
  attach(onResize: (size: ScreenSize) => void): StreamEnd;
}

interface Held {
  readonly gone: AbortController;
  resized: (size: ScreenSize) => void;
  stream: StreamEnd | null;
}

/** A line longer than this goes in several messages. */
const PRINTED = 64 * 1024;

type LabMessage = Extract<AgentMessage, { type: 'lab' | 'lab-gone' | 'resize' }>;

export interface LabCalls {
  receive(message: LabMessage): void;
  fail(): void;
}

/**
 * The calls of one pipe. A call keeps its place until it is answered, whether or not somebody still waits for it:
 * what it set going is still under way.
 */
export function labCalls(
  send: (request: AgentRequest) => Promise<void>,
  openStream: (request: (stream: number) => AgentRequest) => StreamEnd,
  onLab: (call: LabCall) => void,
): LabCalls {
  const calls = new Map<number, Held>();

  function begin({ call, argv, size }: Extract<LabMessage, { type: 'lab' }>): void {
    // Our agent lets fewer through; whoever does not read the answers may not collect them here.
    if (calls.size >= 4 * LIMITS.calls || calls.has(call))
      throw new DrydockError('workbench-lost', 'Too many lab commands at once.');
    const held: Held = { gone: new AbortController(), resized: () => {}, stream: null };
    calls.set(call, held);
    onLab({
      argv,
      size,
      gone: held.gone.signal,
      print(text) {
        if (held.gone.signal.aborted) return;
        for (let at = 0; at < text.length; at += PRINTED)
          void send({ op: 'lab-output', call, text: text.slice(at, at + PRINTED) });
      },
      exit(code) {
        held.stream?.endInput();
        void send({ op: 'lab-exit', call, code }).then(() => calls.delete(call));
      },
      attach(onResize) {
        held.resized = onResize;
        held.stream = openStream((stream) => ({ op: 'attach', stream, call }));
        return held.stream;
      },
    });
  }

  return {
    receive(message) {
      if (message.type === 'lab') return begin(message);
      if (message.type === 'resize') return calls.get(message.call)?.resized(message);
      calls.get(message.call)?.gone.abort();
    },
    fail() {
      for (const { gone } of calls.values()) gone.abort();
      calls.clear();
    },
  };
}
