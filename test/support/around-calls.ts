import type { Engine } from '../../runner/core/ports/engine.ts';
import type { EngineCall } from './with-faults.ts';

/** The engine with `before` run ahead of each of its calls; what it throws is what the call throws. */
export function aroundCalls(
  engine: Engine,
  before: (call: EngineCall, first: unknown) => Promise<void> | void,
): Engine {
  return new Proxy(engine, {
    get(target, name) {
      const found = Reflect.get(target, name) as unknown;
      if (typeof found !== 'function') return found;
      return async (...words: unknown[]) => {
        await before(name as EngineCall, words[0]);
        return found.apply(target, words) as unknown;
      };
    },
  });
}
