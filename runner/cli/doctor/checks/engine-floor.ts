import { atLeast } from '../../machine/ask-engine.ts';
import { type Check, type Examine, ok, warn } from '../check.ts';

/** Versions below which known holes let a container reach further than it should (SECURITY.md, "Engine floor"). */
const ENGINE_FLOOR = '29.7.0';
/** One floor per release line; a newer line is above them all. */
const RUNC_FLOORS = ['1.2.8', '1.3.3', '1.4.0'];

const REMEDY =
  'Fine for yourself on this machine. For a class or for grading, update; distributions also mend older versions, ask yours.';

export const engineFloor: Examine = ({ engine }) => {
  if (engine.kind !== 'ready') return [];
  return [engineCheck(engine.version), ...(engine.runc === null ? [] : [runcCheck(engine.runc)])];
};

function engineCheck(version: string): Check {
  if (atLeast(version, ENGINE_FLOOR)) return ok('engine floor', `${version} is ${ENGINE_FLOOR} or newer`);
  return warn(
    'engine floor',
    `${version} is below ${ENGINE_FLOOR}: archive and copy flaws such as CVE-2026-41567 may be open`,
    REMEDY,
  );
}

function runcCheck(version: string): Check {
  if (runcMended(version)) return ok('runc floor', `runc ${version} has the known escapes mended`);
  return warn(
    'runc floor',
    `runc ${version} is below ${RUNC_FLOORS.join(', ')}: mount races such as CVE-2025-31133 may be open`,
    REMEDY,
  );
}

/** A version is judged within its own line: 1.2.9 is mended, 1.3.0 is not. */
export function runcMended(version: string): boolean {
  const line = /^\d+\.\d+/.exec(version)?.[0] ?? '';
  const floor = RUNC_FLOORS.find((one) => one.startsWith(`${line}.`));
  return floor ? atLeast(version, floor) : atLeast(version, '1.5');
}
