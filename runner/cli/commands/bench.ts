import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { parseRuns } from '../parse-options.ts';

interface BenchOptions {
  readonly json?: true;
  readonly runs?: number;
}

export function benchCommand(context: CliContext): Command {
  return new Command('bench')
    .description('measures Drydock against the raw engine doing the same work; exits 1 when a goal is not met')
    .argument('[name...]', 'what to measure: start.cold, apply.one, check.full, terminal.echo, terminal.throughput')
    .option('--json', 'for programs')
    .option('--runs <number>', 'how often each side is repeated', parseRuns)
    .action((names: string[], options: BenchOptions) => bench(context, names, options));
}

async function bench(context: CliContext, names: string[], { json, runs }: BenchOptions): Promise<void> {
  const [{ chooseMeasures }, { runBench }, { benchTable }, { benchMachine }] = await Promise.all([
    import('../bench/measures.ts'),
    import('../bench/run-bench.ts'),
    import('../bench/show-bench.ts'),
    import('../bench/bench-machine.ts'),
  ]);
  const measures = chooseMeasures(names);
  const stop = new AbortController();
  // Once: a second signal ends the process at once, as ever.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort(signal));
  stop.signal.addEventListener('abort', () => context.say('Stopping, and removing what was made …'));
  try {
    const results = await runBench(context, { measures, runs, signal: stop.signal });
    if (json) context.out(JSON.stringify({ machine: await benchMachine(context), results }, null, 2));
    else for (const line of benchTable(results)) context.out(line);
    if (!results.every(({ met }) => met)) process.exitCode = 1;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    // As a shell reports a program that Ctrl-C ended.
    process.exitCode = 130;
  }
}
