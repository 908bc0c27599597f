import type { ProbeResult } from '#contract';
import type { CheckerInput, CheckerOutput } from '../protocol.ts';
import { writeProbes } from './load-probes.ts';
import { runProbe } from './run-probe.ts';

/** Runs the probes asked for, one after the other. What a probe throws makes that probe broken, never the others. */
export async function runCheckerInput(input: CheckerInput, temporary: string): Promise<CheckerOutput> {
  const load = writeProbes(input.files, temporary);
  const memory = new Map<string, Promise<unknown>>();
  const results: ProbeResult[] = [];
  const broken: { probe: string; reason: string }[] = [];
  for (const { file, probe: id } of input.run) {
    try {
      const probe = (await load(file)).find((one) => one.id === id);
      if (!probe) throw new Error(`${file} has no probe "${id}"`);
      results.push(await runProbe(input, file.replace(/\.ts$/, ''), probe, memory));
    } catch (error) {
      broken.push({ probe: id, reason: (error instanceof Error ? error.message : String(error)).slice(0, 500) });
    }
  }
  return { nonce: input.nonce, results, broken };
}
