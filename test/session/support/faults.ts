import { setTimeout as pause } from 'node:timers/promises';
import type { Engine } from '../../../runner/core/ports/engine.ts';
import { type EngineCall, type Fault, type FaultyEngine, withFaults } from '../../support/with-faults.ts';

export const FAULT_KINDS = ['fail', 'cut', 'hang'] as const;

/** How long the others go on while a call hangs, before its deadline passes; milliseconds. */
const HANG_MS = 5;

/** An engine whose call number `at`, counted from `arm()`, goes wrong; until then nothing is counted. */
export function faultLater(kind: Fault['kind'], at: number) {
  const late = new AbortController();
  let armed: FaultyEngine | null = null;
  let inner: Engine | null = null;

  async function deadline(faulty: FaultyEngine) {
    while (!faulty.struck()) await pause(1, undefined, { ref: false });
    await pause(HANG_MS);
    late.abort();
  }

  return {
    between(engine: Engine): Engine {
      inner = engine;
      return new Proxy(engine, { get: (_, name) => Reflect.get(armed?.engine ?? engine, name) as unknown });
    },
    arm() {
      if (!inner) throw new Error('there is no engine to arm');
      armed = withFaults(inner, kind === 'hang' ? { kind, at, deadline: late.signal } : { kind, at });
      if (kind === 'hang') void deadline(armed);
    },
    struck: () => armed?.struck() ?? false,
    calls: (): readonly EngineCall[] => armed?.calls ?? [],
  };
}
