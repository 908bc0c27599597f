import { setTimeout as pause } from 'node:timers/promises';
import { ROLES } from '../core/policy/roles.ts';
import type { LabCall } from '../pipe/lab-calls.ts';
import { openPipe, type Pipe } from '../pipe/open-pipe.ts';
import type { HeldSession } from './held-session.ts';
import type { Launch } from './launch/launch.ts';
import { WORKSPACE } from './launch/make-workbench.ts';
import { workSaver } from './save-work.ts';
import type { SessionDeps } from './session-deps.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Connects to the agent of a session's workbench, and again whenever the connection ends while the launch lasts: the
 * learner may end the agent, and loses nothing by it. Rejects when the first connection cannot be made.
 */
export async function connectWorkbench(
  deps: SessionDeps,
  held: HeldSession,
  launch: Launch,
  onLab: (call: LabCall) => void,
): Promise<void> {
  const saveSoon = workSaver(deps, held);
  const connect = () =>
    openPipe(deps.engine, launch.workbench, {
      user: ROLES.workbench.user,
      root: WORKSPACE,
      onLab,
      onChange: saveSoon,
    });
  const lasts = () => held.launch === launch && held.saveSoon === saveSoon;

  async function stayConnected(first: Pipe) {
    for (let pipe = first; ; ) {
      await pipe.closed;
      if (!lasts()) return;
      held.pipe = null;
      const next = await reconnect();
      if (!next) return;
      pipe = held.pipe = next;
      // Whatever was written meanwhile was told to nobody.
      saveSoon();
    }
  }

  async function reconnect(): Promise<Pipe | null> {
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      await pause(wait, undefined, { ref: false });
      if (!lasts()) return null;
      const pipe = await connect().catch(() => null);
      if (pipe && lasts()) return pipe;
      pipe?.close();
    }
  }

  const pipe = await connect();
  held.pipe = pipe;
  held.saveSoon = saveSoon;
  void stayConnected(pipe);
}
