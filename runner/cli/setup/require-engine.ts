import type { CliContext } from '../context.ts';
import { askEngine } from '../machine/ask-engine.ts';
import { engineProblem } from '../machine/engine-problem.ts';
import type { ReadyEngine } from '../machine/ensure-engine.ts';
import { readMachine } from '../machine/read-machine.ts';

/** For commands that use an engine and install none. Throws DrydockError `environment`. */
export async function requireEngine(context: CliContext): Promise<ReadyEngine> {
  const state = await askEngine(context.engine.address);
  if (state.kind === 'ready') return state;
  throw engineProblem(state, await readMachine(context), context.engine);
}
