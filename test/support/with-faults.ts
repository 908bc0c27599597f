import { DrydockError } from '#contract';
import type { Engine } from '../../runner/core/ports/engine.ts';

/**
 * fail: the engine is never asked. cut: the engine does it, and the answer is lost. hang: nothing comes until
 * `deadline` aborts, then the call fails as one whose deadline has passed.
 */
export type Fault =
  | { readonly kind: 'fail' | 'cut'; readonly at: number }
  | { readonly kind: 'hang'; readonly at: number; readonly deadline: AbortSignal };

export interface FaultyEngine {
  readonly engine: Engine;
  /** Names of the calls made so far, in order; call k of the plan is `calls[k - 1]`. */
  readonly calls: readonly EngineCall[];
  /** True once the planned fault has struck. */
  struck(): boolean;
}

export type EngineCall = Exclude<keyof Engine, 'node'>;

/**
 * Wraps any engine: counts its calls from 1 and lets the one numbered `fault.at` go wrong; without a fault it only
 * counts. `counted` narrows what is counted, e.g. to the calls that make something.
 */
export function withFaults(
  engine: Engine,
  fault: Fault | null,
  counted: (call: EngineCall) => boolean = () => true,
): FaultyEngine {
  const calls: EngineCall[] = [];
  let struck = false;

  async function through<T>(call: EngineCall, run: () => Promise<T>): Promise<T> {
    if (!counted(call)) return run();
    calls.push(call);
    if (!fault || calls.length !== fault.at) return run();
    struck = true;
    if (fault.kind === 'hang') await aborted(fault.deadline);
    if (fault.kind === 'cut') await run();
    throw new DrydockError('engine-unavailable', `Call ${fault.at} (${call}) was made to ${fault.kind}.`);
  }

  return { engine: wrap(engine, through), calls, struck: () => struck };
}

type Through = <T>(call: EngineCall, run: () => Promise<T>) => Promise<T>;

function wrap(engine: Engine, through: Through): Engine {
  return {
    node: engine.node,
    facts: () => through('facts', () => engine.facts()),
    createNetwork: (spec) => through('createNetwork', () => engine.createNetwork(spec)),
    removeNetwork: (id) => through('removeNetwork', () => engine.removeNetwork(id)),
    subnets: () => through('subnets', () => engine.subnets()),
    createVolume: (spec) => through('createVolume', () => engine.createVolume(spec)),
    removeVolume: (name) => through('removeVolume', () => engine.removeVolume(name)),
    createContainer: (spec) => through('createContainer', () => engine.createContainer(spec)),
    startContainer: (id) => through('startContainer', () => engine.startContainer(id)),
    killContainer: (id, signal) => through('killContainer', () => engine.killContainer(id, signal)),
    removeContainer: (id) => through('removeContainer', () => engine.removeContainer(id)),
    workingSet: (id) => through('workingSet', () => engine.workingSet(id)),
    written: (id) => through('written', () => engine.written(id)),
    inspectContainer: (id) => through('inspectContainer', () => engine.inspectContainer(id)),
    waitContainer: (id) => through('waitContainer', () => engine.waitContainer(id)),
    logs: (id, tail) => through('logs', () => engine.logs(id, tail)),
    putFiles: (id, path, tar) => through('putFiles', () => engine.putFiles(id, path, tar)),
    attach: (id) => through('attach', () => engine.attach(id)),
    exec: (id, spec) => through('exec', () => engine.exec(id, spec)),
    list: (labels) => through('list', () => engine.list(labels)),
    image: (tag) => through('image', () => engine.image(tag)),
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
