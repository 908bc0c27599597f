import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { ROLES } from '../../../runner/core/policy/roles.ts';
import type { ContainerState } from '../../../runner/core/ports/engine.ts';
import { containerAt, course, USER } from '../support/course.ts';
import { ownContainer } from './support/places.ts';

const rig = await course();
let session = '';
let sound = '';

const FILE = 'gateway/server.ts';
const MOST = ROLES.service.restarts;
/** Longer than any restart here waits. */
const SETTLED_MS = 3000;

before(async () => {
  const { id, state, problem } = await rig.open();
  assert.equal(state, 'ready', problem?.message);
  session = id;
  sound = (await rig.sessions.readFile(USER, id, FILE)).content;
});

async function apply(content: string): Promise<void> {
  const { version } = await rig.sessions.readFile(USER, session, FILE);
  await rig.sessions.writeFile(USER, session, { path: FILE, content, version });
  await rig.sessions.apply(USER, session);
}

const inspect = async (container: string) =>
  (await rig.docker.inspectContainer(container)) ?? assert.fail('it is gone');
const gateway = () => containerAt(rig, session, 'service', 'gateway');

/** How a container ended up once it has neither run nor been restarted for a while. */
async function settled(container: string, within: number): Promise<ContainerState> {
  const until = Date.now() + within;
  for (let quietSince = Date.now(), last = -1; ; await pause(200)) {
    const state = await inspect(container);
    if (state.running || state.restarts !== last) quietSince = Date.now();
    last = state.restarts;
    if (Date.now() - quietSince > SETTLED_MS) return state;
    assert.ok(Date.now() < until, `still going after ${state.restarts} restarts`);
  }
}

test('S11 a service that crashes at its start is restarted 3 times at most; the apply says so with its last lines', async () => {
  await assert.rejects(apply("console.error('the flux capacitor is missing');\nprocess.exit(3);\n"), {
    name: 'service-not-ready',
    message: /the flux capacitor is missing/,
  });
  const state = await settled(await gateway(), 30_000);
  assert.deepEqual([state.restarts, state.exitCode], [MOST, 3]);
  assert.equal(rig.sessions.get(USER, session).state, 'ready', 'the session goes on');
});

test('S11 an apply brings a crashed service back', async () => {
  await apply(sound);
  const { running, restarts } = await inspect(await gateway());
  assert.deepEqual([running, restarts], [true, 0]);
});

test('S11 a service that runs out of memory again and again stays down after 3 restarts, and an apply brings it back', async () => {
  const greedy = `\nconsole.log('getting hungry');
setTimeout(() => { const held: Buffer[] = []; for (;;) held.push(Buffer.alloc(16_000_000, 1)); }, 1000);\n`;
  await apply(sound + greedy);
  const crashed = await gateway();
  const state = await settled(crashed, 60_000);
  assert.deepEqual([state.restarts, state.exitCode, state.oomKilled], [MOST, 137, true]);
  assert.equal((await rig.docker.logs(crashed, 100)).match(/getting hungry/g)?.length, MOST + 1);
  await apply(sound);
  assert.equal((await inspect(await gateway())).running, true);
});

test('S11 control: with a higher limit it is restarted more often', async () => {
  const spoiled = { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: MOST + 2 } };
  const command = ['/bin/false'];
  const { container } = await ownContainer(rig, 'restless', { role: 'service', image: 'base', command, spoiled });
  assert.equal((await settled(container, 30_000)).restarts, MOST + 2);
});
