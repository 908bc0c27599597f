import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryEngine } from '../../runner/engine/memory/memory-engine.ts';
import { named } from '../suites/engine-fixture.ts';
import { type Fault, withFaults } from '../support/with-faults.ts';

const volume = (name: string) => ({ name, labels: {} });

async function second(fault: Fault | null) {
  const memory = memoryEngine();
  const faulty = withFaults(memory, fault);
  await faulty.engine.createVolume(volume('one'));
  const result = await faulty.engine.createVolume(volume('two')).then(
    () => 'done',
    (error: Error) => error,
  );
  return { result, faulty, volumes: (await memory.list({})).volumes.map(({ name }) => name) };
}

test('without a fault calls are only counted', async () => {
  const { result, faulty, volumes } = await second(null);
  assert.equal(result, 'done');
  assert.deepEqual([faulty.calls, faulty.struck(), volumes], [['createVolume', 'createVolume'], false, ['one', 'two']]);
});

test('fail: the engine is never asked', async () => {
  const { result, faulty, volumes } = await second({ kind: 'fail', at: 2 });
  assert.ok(named('engine-unavailable')(result));
  assert.deepEqual([faulty.struck(), volumes], [true, ['one']]);
});

test('cut: the engine does it, and the answer is lost', async () => {
  const { result, volumes } = await second({ kind: 'cut', at: 2 });
  assert.ok(named('engine-unavailable')(result));
  assert.deepEqual(volumes, ['one', 'two']);
});

test('hang: nothing comes until the deadline', async () => {
  const { result, volumes } = await second({ kind: 'hang', at: 2, deadline: AbortSignal.timeout(20) });
  assert.ok(named('engine-unavailable')(result));
  assert.deepEqual(volumes, ['one']);
});

test('calls that are not counted are never hit', async () => {
  const { engine, calls } = withFaults(memoryEngine(), { kind: 'fail', at: 1 }, (call) => call !== 'list');
  await engine.list({});
  await assert.rejects(engine.facts());
  assert.deepEqual(calls, ['facts']);
});
