import { setTimeout as pause } from 'node:timers/promises';
import type { Part, ServerDeps } from '../server-deps.ts';

/** How long an answer stands, so that whoever asks often cannot make work of it; milliseconds. */
const FRESH = 1000;
/** A part that has not answered by then is not ready; milliseconds. */
const DEADLINE = 6000;

export interface Readiness {
  ask(): Promise<readonly Part[]>;
  /** From now on nothing new is taken. */
  drain(): void;
}

const SERVING: Part = { name: 'server', ok: true, message: 'Takes requests.' };
const DRAINING: Part = {
  name: 'server',
  ok: false,
  message: 'The server is stopping and takes nothing new. Start it again, or ask another.',
};

/** Asks the parts no more often than once a second, however many ask at once. */
export function readiness({ ready, clock }: Pick<ServerDeps, 'ready' | 'clock'>, deadline = DEADLINE): Readiness {
  let draining = false;
  let last: { readonly at: number; readonly parts: Promise<readonly Part[]> } | null = null;
  return {
    async ask() {
      if (!last || clock() - last.at > FRESH) last = { at: clock(), parts: partsInTime(ready, deadline) };
      return [draining ? DRAINING : SERVING, ...(await last.parts)];
    },
    drain() {
      draining = true;
    },
  };
}

async function partsInTime(ready: ServerDeps['ready'], deadline: number): Promise<readonly Part[]> {
  const late = pause(deadline, undefined, { ref: false }).then(() => {
    throw new Error('late');
  });
  return Promise.race([Promise.try(ready), late]).catch(() => [
    { name: 'parts', ok: false, message: 'What the server needs does not answer. Run "./drydock doctor".' },
  ]);
}
