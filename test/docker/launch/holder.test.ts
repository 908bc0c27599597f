import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcome } from '../../suites/engine-fixture.ts';
import { course } from '../support/course.ts';
import { holderAlone } from '../support/holder-alone.ts';

const rig = await course();
const MOST = 40;

// To start an exec, the engine's runtime itself needs some six threads inside the container for a moment, counted
// against its limit. A holder without room for them refuses now and then, and its service seems not to get ready.
test('a holder has room for the exec that asks whether its service is ready', async () => {
  const ask = (id: string, seconds: number) =>
    rig.docker.exec(id, { argv: ['/opt/drydock/ready', 'tcp', '1', `${seconds}`], user: '65534:65534' });
  /** Asks time and again while four others wait for their answer; how often until the exec itself fails. */
  const asksUntilRefused = async (id: string) => {
    for (let waiting = 0; waiting < 4; waiting++) await ask(id, 60);
    for (let count = 1; count <= MOST; count++) {
      const { stdout, stderr } = await outcome(await ask(id, 0));
      if (`${stdout}${stderr}`.trim() !== 'port 1: Connection refused') return count;
    }
    return Number.POSITIVE_INFINITY;
  };
  assert.equal(await asksUntilRefused(await holderAlone(rig)), Number.POSITIVE_INFINITY);
  assert.ok((await asksUntilRefused(await holderAlone(rig, { PidsLimit: 4 }))) <= MOST, 'control: four are too few');
});
