import { DrydockError } from '#contract';

/** What the machine that runs the labs has, in bytes. */
export interface MachineMemory {
  readonly total: number;
  /** What could be given to new processes now without swapping (proc(5), MemAvailable). */
  readonly available: number;
}

const MIB = 2 ** 20;
/** Never given to labs: the engine, the runner and the rest of the machine live on it. */
export const RESERVE = 1024 * MIB;
/** What a launch is taken to need before one of its lab was measured, per container that does something. */
const GUESS = 64 * MIB;
/** How soon a refused learner may try again, seconds: an idle lab may have been stopped by then. */
export const RETRY_AFTER = 60;

export interface Demand {
  readonly lab: string;
  /** Working set, bytes. */
  readonly bytes: number;
}

/** Working set of one launch of a lab: as measured, or guessed from how many services it has. */
export function demandOf(lab: string, services: number, measured: ReadonlyMap<string, number>): Demand {
  return { lab, bytes: measured.get(lab) ?? (services + 1) * GUESS };
}

/**
 * Refuses a launch the machine has no room for, before anything of it is made. Counted are the working sets of the
 * launches there are, those still growing too, and what is free at the moment. Throws `no-capacity`.
 */
export function requireRoom(wanted: Demand, running: readonly Demand[], memory: MachineMemory): void {
  const promised = running.reduce((sum, { bytes }) => sum + bytes, 0);
  const left = Math.min(memory.total - RESERVE - promised, memory.available - RESERVE / 2);
  if (wanted.bytes <= left) return;
  throw new DrydockError(
    'no-capacity',
    `A lab of this kind needs about ${inMib(wanted.bytes)} of memory, and ${inMib(Math.max(0, left))} are free for labs: ${running.length} are open.`,
    { retryAfter: RETRY_AFTER },
  );
}

const inMib = (bytes: number) => `${Math.round(bytes / MIB)} MiB`;
