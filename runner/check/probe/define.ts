import type { ProbeContext } from './context.ts';
import type { Exchange } from './http.ts';

/** What a probe saw. `open` means "can be done": for an attack a hole, for a benign probe that the use still works. */
export interface Outcome {
  readonly finding: 'open' | 'closed';
  /** Id of the sentence in messages.LANG.yaml; without it `PROBE-open` or `PROBE-closed`. */
  readonly message?: string;
  readonly params: Readonly<Record<string, string>>;
  /** The exchange that decided; without it the last one. */
  readonly shown?: Exchange;
  /** Shell line for the workbench, where the decisive request alone does not show it. */
  readonly replay?: string;
}

interface Head {
  /** kebab-case, unique in its file. */
  readonly id: string;
  /** `outside`, `workbench` or a service: whose place in the network it asks from. */
  readonly at: string;
  /** Wall-clock seconds it may take, at most 50, where the usual limit is too short. */
  readonly seconds?: number;
}

export interface Attack extends Head {
  readonly kind: 'attack';
  /**
   * Legitimate use of the very thing attacked. True: it was reached. Asked before the attack, and again after one
   * that failed, so that a service which is down, or fell over, never counts as defended.
   */
  readonly control: (t: ProbeContext) => Promise<boolean>;
  readonly attack: (t: ProbeContext) => Promise<Outcome>;
}

export interface Benign extends Head {
  readonly kind: 'benign';
  readonly run: (t: ProbeContext) => Promise<Outcome>;
}

export type Probe = Attack | Benign;

export const attack = (probe: Omit<Attack, 'kind'>): Attack => ({ kind: 'attack', ...probe });
export const benign = (probe: Omit<Benign, 'kind'>): Benign => ({ kind: 'benign', ...probe });

type Details = Omit<Outcome, 'finding' | 'params'> & { readonly params?: Record<string, string> };

const outcome =
  (finding: Outcome['finding']) =>
  (details: Details = {}): Outcome => ({ params: {}, ...details, finding });

/** The attack succeeded. */
export const open = outcome('open');
/** The attack failed. */
export const closed = outcome('closed');
/** The legitimate use works. */
export const works = outcome('open');
/** The legitimate use is broken. */
export const fails = outcome('closed');
