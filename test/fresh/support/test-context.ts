import { join } from 'node:path';
import type { CliContext } from '../../../runner/cli/context.ts';
import { askEngine } from '../../../runner/cli/machine/ask-engine.ts';
import { readContext } from '../../../runner/cli/read-context.ts';

export const root = join(import.meta.dirname, '../../..');

export const testContext = (): Promise<CliContext> => readContext(root, process);

/** Why fresh machines cannot be made here, or null. They share this machine's files with the engine. */
export async function whyNoMachines(context: CliContext): Promise<string | null> {
  if (!('socketPath' in context.engine.address)) return 'the engine is on another machine';
  const state = await askEngine(context.engine.address);
  return state.kind === 'ready' ? null : `no engine answers (${state.kind})`;
}
