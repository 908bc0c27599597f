import type { Measure, Values } from './measure.ts';

export interface Spread {
  /** How many values it is of: several a run for keystrokes. */
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly min: number;
  readonly max: number;
}

export interface Result {
  readonly name: string;
  readonly unit: Measure['unit'];
  readonly runs: number;
  readonly drydock: Spread;
  readonly raw: Spread;
  /** Of the medians, to the bound: 1 is as good as the raw engine, 2 is twice as bad. */
  readonly ratio: number;
  readonly goal: number;
  readonly met: boolean;
  readonly bound: string;
}

export function summarise(measure: Measure, runs: number, values: { drydock: Values; raw: Values }): Result {
  const drydock = spread(values.drydock);
  const raw = spread(values.raw);
  const ratio = measure.good === 'small' ? drydock.p50 / raw.p50 : raw.p50 / drydock.p50;
  const { name, unit, goal, bound } = measure;
  return { name, unit, runs, drydock, raw, ratio, goal, met: ratio <= goal, bound };
}

/** Quantiles by linear interpolation between closest ranks (Hyndman and Fan 1996, definition 7). */
export function spread(values: Values): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (quantile: number) => {
    const place = (sorted.length - 1) * quantile;
    const below = sorted[Math.floor(place)] ?? Number.NaN;
    const above = sorted[Math.ceil(place)] ?? Number.NaN;
    return below + (above - below) * (place - Math.floor(place));
  };
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), min: at(0), max: at(1) };
}
