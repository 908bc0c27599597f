import assert from 'node:assert/strict';
import type { Engine } from '../../../runner/core/ports/engine.ts';

/** Fails naming what is still on the engine. */
export async function requireNothingLeft(engine: Engine): Promise<void> {
  const { containers, networks, volumes } = await engine.list({});
  const left = [...containers, ...networks, ...volumes].map(({ name }) => name);
  assert.deepEqual(left, [], 'left on the engine');
  assert.deepEqual(await engine.subnets(), [], 'subnets still taken');
}
