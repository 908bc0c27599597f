import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DrydockError } from '#contract';
import { outcome } from '../../suites/engine-fixture.ts';
import { course } from '../support/course.ts';
import { holderAlone } from '../support/holder-alone.ts';

const rig = await course();
const MOST = 8;
/** A fiftieth of a processor, as on a machine that is very busy: then the runtime is still at it inside the container. */
const BUSY = { NanoCpus: 20_000_000 };

// To start an exec, the engine's runtime itself needs some six threads inside the container for a moment, counted
// against its limit. A holder without room for them refuses now and then, and its service seems not to get ready.
test('a holder has room for the exec that asks whether its service is ready', async () => {
  const ask = (id: string, seconds: number, tool = '/opt/drydock/ready') =>
    rig.docker.exec(id, { argv: [tool, 'tcp', '1', `${seconds}`], user: '65534:65534' });
  /** Asks time and again while four others wait for their answer; how often until the exec itself fails. */
  const asksUntilRefused = async (id: string, tool?: string) => {
    let count = 0;
    try {
      for (let waiting = 0; waiting < 4; waiting++) await ask(id, 60);
      for (count = 1; count <= MOST; count++) {
        const { stdout, stderr } = await outcome(await ask(id, 0, tool));
        if (`${stdout}${stderr}`.trim() !== 'port 1: Connection refused') return count;
      }
    } catch (error) {
      assert.ok(error instanceof DrydockError && error.name === 'engine-refused', `${error}`);
      return count;
    }
    return Number.POSITIVE_INFINITY;
  };
  const id = await holderAlone(rig, BUSY);
  assert.equal(await asksUntilRefused(id), Number.POSITIVE_INFINITY);
  // A limit that is too small refuses by chance, so what refuses here is a tool that is not there.
  assert.equal(await asksUntilRefused(id, '/opt/drydock/missing'), 1, 'control: an exec that fails is noticed');
});
