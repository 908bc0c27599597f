import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DrydockError } from '#contract';
import { memoryEngine } from '../../runner/engine/memory/memory-engine.ts';
import { watchWork } from '../../runner/observe/watch-work.ts';
import { observed } from './support/observed.ts';
import { readMetrics } from './support/read-metrics.ts';

test('work is timed by how it ended: well, with a problem it threw, or with one it has', async () => {
  const { observer, metrics, lines } = observed(memoryEngine());
  const watch = watchWork(observer);
  assert.equal(await watch.timed('apply', async () => 7), 7);
  const invalid = new DrydockError('invalid-file', 'compose.yaml is wrong.');
  await assert.rejects(
    watch.timed('apply', () => Promise.reject(invalid)),
    invalid,
  );
  await assert.rejects(watch.timed('check', () => Promise.reject(new Error('canary'))));
  await watch.timed(
    'start',
    async () => 'no-capacity' as const,
    (problem) => problem,
  );
  const values = readMetrics(await metrics.text());
  for (const labels of [
    'work="apply",outcome="ok"',
    'work="apply",outcome="invalid-file"',
    'work="check",outcome="internal"',
    'work="start",outcome="no-capacity"',
  ])
    assert.equal(values.get(`drydock_work_seconds_count{${labels}}`), 1, labels);
  assert.deepEqual(
    lines().map(({ work, outcome }) => `${work} ${outcome}`),
    ['apply ok', 'apply invalid-file', 'check internal', 'start no-capacity'],
  );
});
