import type { Engine } from '../../../runner/core/ports/engine.ts';
import { createLog } from '../../../runner/observe/create-log.ts';
import { createMetrics } from '../../../runner/observe/metrics.ts';
import { observedEngine } from '../../../runner/observe/observed-engine.ts';
import { createTrace } from '../../../runner/observe/trace.ts';

/** An engine under an observer that remembers what it wrote. */
export function observed(engine: Engine) {
  const lines: string[] = [];
  let ids = 0;
  const trace = createTrace(() => `own-${++ids}`);
  const log = createLog(trace, 'debug', { write: (line: string) => void lines.push(line) });
  const observer = { trace, log, metrics: createMetrics(), clock: () => performance.now() };
  return {
    ...observer,
    observer,
    engine: observedEngine(engine, observer),
    text: () => lines.join(''),
    lines: () => lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>),
  };
}
