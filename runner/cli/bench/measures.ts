import { DrydockError } from '#contract';
import type { Measure } from './measure.ts';
import { applyOne } from './measures/apply-one.ts';
import { checkFull } from './measures/check-full.ts';
import { startCold } from './measures/start-cold.ts';
import { terminalEcho } from './measures/terminal-echo.ts';
import { terminalThroughput } from './measures/terminal-throughput.ts';

/** In the order they run: starts first, while no lab of the bench is open. */
const MEASURES: readonly Measure[] = [startCold, applyOne, checkFull, terminalEcho, terminalThroughput];

/** Measures by name or by group, `terminal` for both of the terminal; none named means all. Throws `usage`. */
export function chooseMeasures(names: readonly string[]): Measure[] {
  const asked = (measure: Measure, name: string) => measure.name === name || measure.name.startsWith(`${name}.`);
  const unknown = names.find((name) => !MEASURES.some((measure) => asked(measure, name)));
  if (unknown !== undefined) {
    throw new DrydockError('usage', `There is no measure "${unknown}".`, {
      hint: `There are ${MEASURES.map(({ name }) => name).join(', ')}; or their first word for a group.`,
    });
  }
  return MEASURES.filter((measure) => names.length === 0 || names.some((name) => asked(measure, name)));
}
