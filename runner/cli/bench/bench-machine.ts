import { availableParallelism, cpus, totalmem } from 'node:os';
import type { CliContext } from '../context.ts';
import { requireEngine } from '../setup/require-engine.ts';

/** Where the numbers come from: without it they say little. */
export async function benchMachine(context: CliContext) {
  const { version } = await requireEngine(context);
  return {
    cpus: availableParallelism(),
    cpu: cpus()[0]?.model ?? '',
    memoryBytes: totalmem(),
    engine: version,
    node: process.version,
  };
}
