import { DrydockError } from '#contract';
import type { Engine, Engines } from '../core/ports/engine.ts';

/** One machine. Throws DrydockError `engine-unavailable` for any other node. */
export function singleNode(engine: Engine): Engines {
  return {
    nodes: [engine.node],
    on(node) {
      if (node === engine.node) return engine;
      throw new DrydockError('engine-unavailable', `There is no machine "${node}" here, only "${engine.node}".`);
    },
  };
}
