import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type EngineCall, type Fault, withFaults } from '../../support/with-faults.ts';
import { course, namesOf, USER } from '../support/course.ts';

/** Steps of a start: the one call of its kind that goes wrong. A cut answer leaves something nobody was told of. */
const STEPS: readonly { readonly step: string; readonly call: EngineCall; readonly fault: Fault }[] = [
  { step: 'making the second network', call: 'createNetwork', fault: { kind: 'cut', at: 2 } },
  { step: 'starting the third container', call: 'startContainer', fault: { kind: 'fail', at: 3 } },
  { step: 'making the last container', call: 'createContainer', fault: { kind: 'cut', at: 12 } },
  { step: 'putting the files of a service into place', call: 'putFiles', fault: { kind: 'cut', at: 2 } },
];

for (const { step, call, fault } of STEPS) {
  let struck = () => false;
  const rig = await course((engine) => {
    const faulty = withFaults(engine, fault, (one) => one === call);
    struck = faulty.struck;
    return faulty.engine;
  });

  test(`L2 ${step} fails: the cause is told and nothing is left`, async () => {
    const { state, problem } = await rig.open();
    assert.deepEqual([state, problem?.name, struck()], ['failed', 'engine-unavailable', true]);
    assert.deepEqual(namesOf(await rig.inventory()), []);
    // Nor does anything appear late.
    await pause(500);
    assert.deepEqual(namesOf(await rig.inventory()), []);
  });

  if (call !== 'putFiles') continue;
  test('L2 after a start that failed the next one works, and the same listing finds it', async () => {
    const { id, state } = await rig.open();
    assert.equal(state, 'ready');
    const { containers, networks, volumes } = await rig.inventory();
    assert.deepEqual([containers.length, networks.length, volumes.length], [9, 2, 8]);
    await rig.sessions.stop(USER, id);
    assert.deepEqual(namesOf(await rig.inventory()), []);
  });
}
