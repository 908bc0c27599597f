import type { CliContext } from '../context.ts';
import type { EngineState } from '../machine/ask-engine.ts';
import type { Machine } from '../machine/read-machine.ts';

/** One answer of the doctor. `remedy` is '' where there is nothing to do. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  readonly remedy: string;
}

/** What every check may look at; asked once. */
export interface Facts {
  readonly context: CliContext;
  readonly machine: Machine;
  readonly engine: EngineState;
}

/** Answers for one thing; no answer where the question does not arise. */
export type Examine = (facts: Facts) => Promise<Check[]> | Check[];

export const ok = (name: string, detail: string): Check => ({ name, state: 'ok', detail, remedy: '' });
export const warn = (name: string, detail: string, remedy: string): Check => ({ name, state: 'warn', detail, remedy });
export const fail = (name: string, detail: string, remedy: string): Check => ({ name, state: 'fail', detail, remedy });
