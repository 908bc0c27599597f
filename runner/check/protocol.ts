import type { ProbeResult } from '#contract';

/**
 * What a checker container is told, as one JSON line on its standard input. A result without the nonce does
 * not exist. Nothing of it ever stands in argv or the environment, where a neighbour could read it.
 */
export interface CheckerInput {
  /** 32 random bytes, hexadecimal; fresh for every container. */
  readonly nonce: string;
  readonly position: string;
  /** Randomness of this run, hexadecimal: payloads, names and order are drawn from it. */
  readonly seed: string;
  /** Per-launch secrets by name, as the lab declares them. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Service or position → network → IPv4 address, read from the engine. */
  readonly addresses: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** File name below probes/ → its source. */
  readonly files: Readonly<Record<string, string>>;
  /** The probes to run here, in this order. */
  readonly run: readonly { readonly file: string; readonly probe: string }[];
  /** Wall-clock seconds one probe may take. */
  readonly probeSeconds: number;
  readonly messages: Readonly<Record<string, string>>;
}

/** What it answers: exactly one JSON line on standard output. */
export interface CheckerOutput {
  readonly nonce: string;
  readonly results: readonly ProbeResult[];
  /** Probes that threw: the checker's fault, not the learner's. */
  readonly broken: readonly { readonly probe: string; readonly reason: string }[];
}
