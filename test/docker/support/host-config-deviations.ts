import { isDeepStrictEqual } from 'node:util';
import type { HostConfig } from '../../../runner/core/policy/host-config.ts';

type Reported = Readonly<Record<string, unknown>>;

/** What the engine fills in by itself: its own runtime, and the paths of /proc and /sys it hides at the least. */
const ENGINES_OWN: Readonly<Record<string, (value: unknown) => boolean>> = {
  Runtime: (value) => value === 'runc',
  MaskedPaths: (value) => holdsAll(value, ['/proc/kcore', '/proc/keys', '/proc/timer_list', '/sys/firmware']),
  ReadonlyPaths: (value) => holdsAll(value, ['/proc/bus', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger']),
  ConsoleSize: (value) => isDeepStrictEqual(value, [0, 0]),
};

/** Names of the HostConfig fields that the engine reports otherwise than the policy asks, fields beyond it too. */
export function deviations(reported: Reported, asked: HostConfig): string[] {
  const names = new Set([...Object.keys(reported), ...Object.keys(asked), ...Object.keys(ENGINES_OWN)]);
  return [...names].filter((name) => !agrees(name, reported[name], Reflect.get(asked, name))).sort();
}

function agrees(name: string, reported: unknown, asked: unknown): boolean {
  const own = ENGINES_OWN[name];
  return own ? own(reported) : isDeepStrictEqual(meaning(reported), meaning(asked));
}

/** null, false, 0, '', [] and {} all say "not set"; engines differ in which of them they report. */
function meaning(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(meaning);
  if (typeof value === 'object' && value !== null) {
    const set = Object.entries(value)
      .map(([name, inner]) => [name, meaning(inner)] as const)
      .filter(([, inner]) => inner !== null);
    return set.length === 0 ? null : Object.fromEntries(set);
  }
  return value || null;
}

const holdsAll = (value: unknown, paths: readonly string[]) =>
  Array.isArray(value) && paths.every((path) => value.includes(path));
