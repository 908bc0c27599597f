import { createInterface } from 'node:readline/promises';
import { DrydockError } from '#contract';
import type { CliContext } from '../context.ts';
import { askEngine, type EngineState } from './ask-engine.ts';
import { ENGINE_PACKAGES, engineProblem } from './engine-problem.ts';
import { installPackages } from './install-packages.ts';
import { type Machine, readMachine } from './read-machine.ts';
import { startEngine } from './start-engine.ts';

export type ReadyEngine = Extract<EngineState, { kind: 'ready' }>;

/** What `ensureEngine` would have to do; null where only the person can help. */
export type EngineWork = 'install' | 'start';

export function engineWork(state: EngineState, machine: Machine, given: boolean): EngineWork | null {
  if (state.kind !== 'nothing-there' || given || !machine.root) return null;
  if (machine.engineInstalled) return 'start';
  return machine.debian ? 'install' : null;
}

/** Says what will be done, and asks where there is somebody to ask. Throws DrydockError `environment` for a no. */
export async function agreeOnEngine(context: CliContext, work: EngineWork): Promise<void> {
  if (work === 'start') return;
  const packages = ENGINE_PACKAGES.join(', ');
  context.say(`There is no container engine here. Drydock will install Debian's packages ${packages} with apt-get.`);
  if (!context.canAsk) return;
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question('Go ahead? [Y/n] ').finally(() => asking.close());
  if (!/^\s*n/i.test(answer)) return;
  throw new DrydockError('environment', 'There is no container engine here, and you chose not to have one installed.', {
    hint: 'Install Docker Engine 20.10 or newer yourself, or run npm start again and answer yes.',
  });
}

/** Installs and starts what is missing. Throws DrydockError `environment`: what, why, what to do. */
export async function ensureEngine(context: CliContext, told: (line: string) => void): Promise<ReadyEngine> {
  const { address, given } = context.engine;
  let state = await askEngine(address);
  let machine = await readMachine(context);
  if (engineWork(state, machine, given) === 'install') {
    await installPackages(ENGINE_PACKAGES, context.environment, told);
    machine = await readMachine(context);
    // Where services are looked after, the package has started it already.
    state = await askEngine(address);
  }
  if (engineWork(state, machine, given) === 'start') {
    await startEngine(context, machine, told);
    state = await askEngine(address);
  }
  if (state.kind === 'ready') return state;
  throw engineProblem(state, machine, context.engine);
}
