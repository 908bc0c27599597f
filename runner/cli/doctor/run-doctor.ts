import type { CliContext } from '../context.ts';
import { askEngine } from '../machine/ask-engine.ts';
import { readMachine } from '../machine/read-machine.ts';
import type { Check, Examine } from './check.ts';
import { capacity } from './checks/capacity.ts';
import { disk } from './checks/disk.ts';
import { engine } from './checks/engine.ts';
import { engineFloor } from './checks/engine-floor.ts';
import { home } from './checks/home.ts';
import { images } from './checks/images.ts';
import { isolation } from './checks/isolation.ts';
import { node } from './checks/node.ts';
import { port } from './checks/port.ts';

const EXAMINES: readonly Examine[] = [node, home, engine, engineFloor, isolation, port, disk, capacity, images];

/** Looks at everything and changes nothing. */
export async function runDoctor(context: CliContext): Promise<Check[]> {
  const [state, machine] = await Promise.all([askEngine(context.engine.address), readMachine(context)]);
  const facts = { context, machine, engine: state };
  return (await Promise.all(EXAMINES.map((examine) => examine(facts)))).flat();
}
