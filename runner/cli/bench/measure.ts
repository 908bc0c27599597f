import type { Labels } from '../../core/ports/engine.ts';
import type { BenchClient } from './bench-client.ts';
import type { Recording } from './record-launch.ts';
import type { RawLaunch, RawSide } from './replay-launch.ts';

/** Values of one repetition: most measures give one, keystrokes many. */
export type Values = readonly number[];

/** The two sides of one measure. A side prepares itself outside what is timed. */
export interface Sides {
  drydock(): Promise<Values>;
  raw(): Promise<Values>;
}

/** What one repetition has to work with. */
export interface Bed extends RawSide {
  readonly lab: string;
  readonly client: BenchClient;
  readonly clock: () => number;
  /** A fresh recording of the lab, whose names nothing bears yet. */
  record(): Promise<Recording>;
  /** Removes all that carries these labels. */
  remove(labels: Labels): Promise<void>;
  /** A lab that is open and the same made by the raw engine: made when first asked for, kept to the end. */
  session(): Promise<string>;
  launch(): Promise<RawLaunch>;
}

export interface Measure {
  /** GROUP.WHAT; asked for by either. */
  readonly name: string;
  readonly unit: 'ms' | 'MB/s';
  /** Whether small or large values are good; the ratio is turned so that 1 is the bound and more is worse. */
  readonly good: 'small' | 'large';
  /** The ratio to stay at or below. */
  readonly goal: number;
  /** How often both sides are repeated unless asked otherwise. */
  readonly runs: number;
  /** The same work done by the raw engine, in words. */
  readonly bound: string;
  prepare(bed: Bed): Promise<Sides>;
}

/**
 * Repeats both sides in turn, each going first every other time, so that a machine that warms up or is shared favours
 * neither.
 */
export async function repeat(sides: Sides, runs: number, told: (run: number) => void) {
  const drydock: number[] = [];
  const raw: number[] = [];
  for (let run = 0; run < runs; run++) {
    told(run);
    if (run % 2 === 1) raw.push(...(await sides.raw()));
    drydock.push(...(await sides.drydock()));
    if (run % 2 === 0) raw.push(...(await sides.raw()));
  }
  return { drydock, raw };
}

/** Milliseconds something takes. */
export async function timed(clock: () => number, work: () => Promise<unknown>): Promise<number> {
  const began = clock();
  await work();
  return clock() - began;
}
