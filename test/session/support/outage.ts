import { DrydockError } from '#contract';
import type { Engine } from '../../../runner/core/ports/engine.ts';
import { aroundCalls } from '../../support/around-calls.ts';

/** An engine that goes away after `answers` more calls, and can come back. */
export function outage(answers = Number.POSITIVE_INFINITY) {
  let left = answers;
  return {
    between: (engine: Engine) =>
      aroundCalls(engine, () => {
        if (left-- <= 0) throw new DrydockError('engine-unavailable', 'The engine is away.');
      }),
    downAfter(more: number) {
      left = more;
    },
    down() {
      left = 0;
    },
    up() {
      left = Number.POSITIVE_INFINITY;
    },
  };
}
