import { styleText } from 'node:util';
import type { Result, Spread } from './summary.ts';

const HEAD = ['measure', 'runs', 'Drydock', 'raw engine', 'ratio', 'goal', ''];

/** Results as a table: medians, with the smallest and largest value, and the 99th percentile where there are enough. */
export function benchTable(results: readonly Result[]): string[] {
  const rows = results.map(({ name, unit, runs, drydock, raw, ratio, goal, met }) => [
    name,
    String(runs),
    spreadText(drydock, unit),
    spreadText(raw, unit),
    ratio.toFixed(2),
    `≤ ${goal.toFixed(2)}`,
    met ? styleText('green', 'met') : styleText('red', 'not met'),
  ]);
  const widths = HEAD.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    line(HEAD),
    ...rows.map(line),
    '',
    'Median (smallest … largest). The ratio is to the raw engine in the same run: 1 is as good, more is worse.',
    ...results.map(({ name, bound }) => `${name}, raw: ${bound}.`),
  ];
}

/** From how many values on the 99th percentile says something. */
const ENOUGH = 100;

function spreadText({ count, p50, p99, min, max }: Spread, unit: string): string {
  const number = (value: number) => value.toFixed(value < 100 ? 2 : 0);
  const tail = count >= ENOUGH ? `, p99 ${number(p99)}` : '';
  return `${number(p50)} ${unit} (${number(min)} … ${number(max)}${tail})`;
}
