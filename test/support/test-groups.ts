import { globSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface TestGroup {
  readonly name: string;
  /** Test files at the same time: those that share an engine or a browser take turns. */
  readonly concurrency: number;
  /** Longest one file may take, milliseconds. */
  readonly timeout: number;
}

const MINUTE = 60_000;

/** Unit tests that take seconds (floods, kills, every fault of a start): `npm run check` leaves them to `npm test`. */
const LONG = /\.long\.test\.ts$/;

/** In the order they run; the last word on what is a unit test is that it is nothing else. */
export const GROUPS: readonly TestGroup[] = [
  { name: 'unit', concurrency: 2, timeout: 3 * MINUTE },
  { name: 'long', concurrency: 2, timeout: 5 * MINUTE },
  { name: 'docker', concurrency: 1, timeout: 10 * MINUTE },
  { name: 'e2e', concurrency: 1, timeout: 10 * MINUTE },
  { name: 'fresh', concurrency: 1, timeout: 15 * MINUTE },
];

/** Run with `npm run test:full`, or by name: they take long, or measure. */
export const LONG_GROUPS: readonly TestGroup[] = [{ name: 'load', concurrency: 1, timeout: 30 * MINUTE }];

export function groupOf(file: string): string {
  if (LONG.test(file)) return 'long';
  const folder = file.split('/')[1] ?? '';
  return [...GROUPS, ...LONG_GROUPS].some((group) => group.name === folder) ? folder : 'unit';
}

/** Group → its files below test/, or those of `chosen` (paths in the checkout) that belong to it. */
export function testFiles(root: string, group: string, chosen: readonly string[]): string[] {
  const all =
    chosen.length > 0 ? chosen.map((file) => relative(root, file)) : globSync('test/**/*.test.ts', { cwd: root });
  return all
    .filter((file) => groupOf(file) === group)
    .sort()
    .map((file) => join(root, file));
}
