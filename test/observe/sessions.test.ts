import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryEngine } from '../../runner/engine/memory/memory-engine.ts';
import { observedEngine } from '../../runner/observe/observed-engine.ts';
import { watchWork } from '../../runner/observe/watch-work.ts';
import { edit, flagInside } from '../session/support/deployment.ts';
import { LAB, sessionWorld, USER } from '../session/support/session-world.ts';
import { observed } from './support/observed.ts';
import { readMetrics } from './support/read-metrics.ts';

type Line = Readonly<Record<string, unknown>>;

/** A lab's life, each request of it under an id of its own: what was logged of each. */
async function live({ watched }: { watched: boolean }) {
  const { observer, trace, lines, text, metrics } = observed(memoryEngine());
  const world = await sessionWorld({
    between: (engine) => observedEngine(engine, observer),
    ...(watched && { watch: watchWork(observer) }),
  });
  const { sessions } = world;
  const { id } = await trace.run('open', () => sessions.open(USER, LAB.id));
  const session = await world.opened(id);
  await trace.run('edit', () => edit(world, session, 'gateway/server.ts', '// a-learners-line\n'));
  await trace.run('apply', () => sessions.apply(USER, id));
  const flag = await flagInside(world, session);
  await trace.run('flag', () => sessions.flag(USER, id, 'forge-token', flag));
  await world.lab('apply');
  await trace.run('stop', () => sessions.stop(USER, id));
  const callsOf = (found: (line: Line) => boolean) =>
    lines().flatMap((line) => (line['msg'] === 'engine call' && found(line) ? [String(line['call'])] : []));
  return { callsOf, lines: lines(), text: text(), metrics, flag };
}

test('the calls of a start that goes on have an id that names the request; those of an apply and a stop have its own', async () => {
  const { callsOf, lines } = await live({ watched: true });
  const start = lines.find(({ work }) => work === 'start');
  assert.equal(start?.['by'], 'open');
  assert.ok(callsOf(({ id }) => id === start?.['id']).includes('createNetwork'));
  assert.deepEqual(
    callsOf(({ id }) => id === 'open'),
    [],
    'the request itself made none',
  );
  assert.ok(callsOf(({ id }) => id === 'apply').includes('createContainer'));
  assert.ok(callsOf(({ id }) => id === 'stop').includes('removeNetwork'));
  assert.deepEqual(
    callsOf((line) => !('id' in line)),
    [],
    'no call is without',
  );
  const applies = lines.filter(({ work }) => work === 'apply').map(({ id, by }) => ({ own: id !== 'apply', by }));
  assert.deepEqual(applies, [
    { own: false, by: undefined },
    { own: true, by: start?.['id'] },
  ]);
});

test('control: of sessions that nobody watches, the start goes on under the id of the request', async () => {
  const { callsOf, lines } = await live({ watched: false });
  assert.ok(callsOf(({ id }) => id === 'open').includes('createNetwork'));
  assert.equal(
    lines.some(({ by }) => by !== undefined),
    false,
  );
});

test('starts and applies are timed, and neither a flag nor a file of the learner is in the log', async () => {
  const { metrics, text, flag } = await live({ watched: true });
  const values = readMetrics(await metrics.text());
  assert.equal(values.get('drydock_work_seconds_count{work="start",outcome="ok"}'), 1);
  assert.equal(values.get('drydock_work_seconds_count{work="apply",outcome="ok"}'), 2);
  for (const secret of [flag, 'a-learners-line']) assert.equal(text.includes(secret), false, secret);
  assert.ok(text.includes('putFiles'), 'control: the files did go through the engine');
});
