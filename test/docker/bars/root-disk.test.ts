// S4 where the root file system may be written to: the engine cannot limit it, so the runner looks.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { Lab } from '../../../runner/library/lab.ts';
import { loadLab } from '../../../runner/library/load-lab.ts';
import { course, USER } from '../support/course.ts';
import { type Place, placeAt, placesOf, run } from './support/places.ts';

const rig = await course();
let session = '';

before(async () => {
  const lab = await loadLab(join(import.meta.dirname, '../../fixtures/harbour'), 'harbour');
  (rig.deps.library as Map<string, Lab>).set(lab.id, lab);
  const { id, state, problem } = await rig.open(USER, lab.id);
  assert.equal(state, 'ready', problem?.message);
  session = id;
});

const reports = async (): Promise<Place> => placeAt(await placesOf(rig, session), 'container-lab', 'reports');
const zeros = async (mebibytes: number) => {
  const parts = `for part in $(seq ${mebibytes / 50}); do dd if=/dev/zero of=/var/fill$part bs=1M count=50 || exit 1; done`;
  return run(rig.docker, await reports(), ['/bin/bash', '-c', parts]);
};
const emptyFiles = async (count: number) =>
  run(rig.docker, await reports(), ['/bin/bash', '-c', `mkdir -p /var/many && cd /var/many && touch $(seq ${count})`]);

/** What two looks find: the first ends it, the second tells of it. */
async function troubles() {
  await rig.sessions.sweep();
  await rig.sessions.sweep();
  return rig.sessions.get(USER, session).troubles.map(({ service, message }) => [service, message.split(':')[0]]);
}

const FILLED = [['reports', 'reports filled its disk and was ended']];

test('S4 control: what it may write, it may write', async () => {
  assert.equal((await zeros(100)).code, 0);
  assert.equal((await emptyFiles(1000)).code, 0);
  assert.deepEqual(await troubles(), []);
});

test('S4 a container-lab that fills its root file system is ended at the next look, and only it', async () => {
  assert.equal((await zeros(300)).code, 0);
  assert.deepEqual(await troubles(), FILLED);
  assert.deepEqual((await rig.sessions.apply(USER, session)).changed, ['reports']);
  assert.deepEqual(await troubles(), []);
  assert.equal((await run(rig.docker, await reports(), ['/bin/ls', '/var/fill1'])).code, 2, 'what it wrote is gone');
});

test('S4 one that makes files without end too', async () => {
  assert.equal((await emptyFiles(60_000)).code, 0);
  assert.deepEqual(await troubles(), FILLED);
});
