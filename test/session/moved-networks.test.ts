import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DrydockError, type Session } from '#contract';
import { LABEL } from '../../runner/core/labels/labels.ts';
import type { Program } from '../../runner/engine/memory/program.ts';
import { edit } from './support/deployment.ts';
import { requireNothingLeft } from './support/require-nothing-left.ts';
import { LAB, type SessionWorld, sessionWorld, USER } from './support/session-world.ts';

const SHIPPED = String(LAB.workspace.get('compose.yaml'));
/** The database on a network of its own: accounts alone has to do with it. */
const SEGMENTED = SHIPPED.replace(
  'networks: [backend]\n    secrets: [accounts',
  'networks: [backend, store]\n    secrets: [accounts',
)
  .replace('networks: [backend]\n    secrets: [db', 'networks: [store]\n    secrets: [db')
  .replace('networks:\n  public:\n', 'networks:\n  store:\n  public:\n');

async function networksOf({ memory }: SessionWorld, { id }: Session): Promise<string[]> {
  const { networks } = await memory.list({ [LABEL.session]: id });
  return networks.map(({ name }) => name.replace(/^.*-net-/, '')).sort();
}

async function reopened(world: SessionWorld, { id }: Session): Promise<Session> {
  await world.sessions.stop(USER, id);
  await requireNothingLeft(world.memory);
  return world.start();
}

test('networks change when the lab is opened again, and are then what was last deployed', async () => {
  const world = await sessionWorld({ launches: 2 });
  const session = await world.start();
  await edit(world, session, 'compose.yaml', SEGMENTED);
  await assert.rejects(
    world.sessions.apply(USER, session.id),
    (error) =>
      error instanceof DrydockError && /when the lab opens/.test(error.message) && /open it again/.test(error.hint),
  );
  assert.deepEqual(await networksOf(world, session), ['backend', 'public']);
  assert.equal((await reopened(world, session)).state, 'ready');
  assert.deepEqual(await networksOf(world, session), ['backend', 'public', 'store']);
  assert.deepEqual((await world.sessions.apply(USER, session.id)).changed, []);
});

test('control: what an apply could deploy waits for it when the lab is opened again', async () => {
  const world = await sessionWorld();
  const session = await world.start();
  const path = 'gateway/verify.ts';
  await edit(world, session, path, '// half-done\n');
  await reopened(world, session);
  assert.deepEqual((await world.sessions.apply(USER, session.id)).changed, ['gateway']);
});

test('a workspace that does not come up on its new networks opens on the old ones, with all that was written', async () => {
  let broken = false;
  const ready: Program = async (io) => (broken && io.container.name.endsWith('-at-db') ? 1 : 0);
  const world = await sessionWorld({ launches: 2, programs: { '/opt/drydock/ready': ready } });
  const session = await world.start();
  await edit(world, session, 'compose.yaml', SEGMENTED);
  broken = true;
  await world.sessions.stop(USER, session.id);
  const opening = world.sessions.open(USER, LAB.id);
  const networks = async () => (await networksOf(world, session)).includes('store');
  while (!(await networks())) await new Promise((resolve) => setTimeout(resolve, 1));
  while (await networks()) await new Promise((resolve) => setTimeout(resolve, 1));
  broken = false;
  const again = await world.opened((await opening).id);
  assert.deepEqual([again.state, again.problem], ['ready', null]);
  assert.deepEqual(await networksOf(world, session), ['backend', 'public']);
  assert.equal((await world.sessions.readFile(USER, session.id, 'compose.yaml')).content, SEGMENTED);
  assert.match(world.warnings.join(), /opens on its old ones/);
});
