import { DrydockError } from '#contract';
import type { TerminalSocket } from '../../terminal/terminal-socket.ts';

/** Each terminal costs a process in the container and a connection to the engine. */
const MOST_PER_SESSION = 64;

/** Every WebSocket that is open now. */
export interface OpenSockets {
  /** Throws `too-many-requests` when the session has its fill. */
  reserve(session: string): void;
  add(session: string, socket: TerminalSocket): void;
  all(): TerminalSocket[];
}

export function openSockets(): OpenSockets {
  const open = new Map<string, Set<TerminalSocket>>();
  return {
    reserve(session) {
      if ((open.get(session)?.size ?? 0) < MOST_PER_SESSION) return;
      throw new DrydockError('too-many-requests', `A lab may have ${MOST_PER_SESSION} terminals open.`, {
        hint: 'Close a terminal that is not needed.',
      });
    },
    add(session, socket) {
      const set = open.get(session) ?? new Set();
      open.set(session, set.add(socket));
      socket.onClose(() => {
        set.delete(socket);
        if (set.size === 0) open.delete(session);
      });
    },
    all: () => [...open.values()].flatMap((set) => [...set]),
  };
}
