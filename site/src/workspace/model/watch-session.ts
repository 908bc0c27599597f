import type { Signal } from '@preact/signals';
import type { Session } from '#contract';
import { RequestFailed } from '../api/ask.ts';
import type { LabApi } from '../api/session-api.ts';
import type { Notices } from './notices.ts';

/** What the page as a whole is doing. `gone`: this copy of the lab is no more. */
export type Phase = 'connecting' | 'signed-out' | 'no-runner' | 'refused' | 'opening' | 'open' | 'gone';

const OPENING_EVERY = 300;
const READY_EVERY = 4000;
const AWAY_EVERY = 1500;

interface Watched {
  readonly api: LabApi;
  readonly session: Signal<Session | null>;
  readonly phase: Signal<Phase>;
  readonly reachable: Signal<boolean>;
  readonly notices: Notices;
  readonly see: (session: Session) => void;
  /** Called at the slow pace while the lab is open: files may have changed from the terminal. */
  readonly changed: () => Promise<void>;
  /** Whether anyone can see the page; a hidden one does not ask for its files. */
  readonly visible: () => boolean;
}

/** Opens the session, then keeps asking: every 300 ms while something moves, every 4 s while it is ready. */
export function watchSession(watched: Watched) {
  const { api, session, phase, reachable, notices } = watched;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let round = 0;

  const again = (mine: number, work: () => Promise<void>, after: number) => {
    if (mine === round) timer = setTimeout(() => void work(), after);
  };

  const isOver = () => phase.value === 'gone';

  async function open(lab: string): Promise<void> {
    clearTimeout(timer);
    const mine = ++round;
    try {
      watched.see(await api.open(lab));
      again(mine, look, session.value?.state === 'ready' ? 0 : OPENING_EVERY);
    } catch (error) {
      if (settle(error) === 'away') again(mine, () => open(lab), AWAY_EVERY);
    }
  }

  async function look(): Promise<void> {
    const mine = round;
    if (isOver()) return;
    try {
      await ask();
      if (isOver()) return;
      const moving = session.value?.state !== 'ready';
      if (!moving && watched.visible()) await watched.changed();
      again(mine, look, moving ? OPENING_EVERY : READY_EVERY);
    } catch (error) {
      if (settle(error) === 'away') again(mine, look, AWAY_EVERY);
    }
  }

  async function ask(): Promise<void> {
    const id = session.value?.id;
    if (id !== undefined) watched.see(await api.get(id));
  }

  /** 'away' when it is worth asking again. */
  function settle(error: unknown): 'away' | 'settled' {
    if (!(error instanceof RequestFailed)) throw error;
    const { failure } = error;
    if (failure.kind === 'unreachable') {
      reachable.value = false;
      return 'away';
    }
    if (failure.kind === 'no-runner') {
      if (session.value === null) phase.value = 'no-runner';
      else reachable.value = false;
      return session.value === null ? 'settled' : 'away';
    }
    reachable.value = true;
    if (failure.status === 401) phase.value = 'signed-out';
    else if (failure.problem.name === 'no-such-session') phase.value = 'gone';
    else if (session.value === null) {
      phase.value = 'refused';
      notices.show(failure.problem);
    } else return 'away';
    return 'settled';
  }

  return { open, now: () => ask().catch(settle) };
}
