import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetrics } from '../../runner/observe/metrics.ts';
import { readMetrics } from './support/read-metrics.ts';

test('process, event loop, sessions by state, isolation, work and reaped launches are there, in the format', async () => {
  const metrics = createMetrics();
  metrics.countSessions(() => ['ready', 'ready', 'failed']);
  metrics.countIsolation(() => ['isolated', 'dead']);
  metrics.worked({ work: 'start', outcome: 'ok', seconds: 3 });
  metrics.worked({ work: 'start', outcome: 'no-capacity', seconds: 0.1 });
  metrics.engineCalled({ call: 'exec', outcome: 'engine-refused', seconds: 0.3 });
  metrics.reaped(2);
  const values = readMetrics(await metrics.text());
  const expected = {
    'drydock_sessions{state="ready"}': 2,
    'drydock_sessions{state="failed"}': 1,
    'drydock_sessions{state="opening"}': 0,
    'drydock_isolation{result="isolated"}': 1,
    'drydock_isolation{result="dead"}': 1,
    'drydock_isolation{result="broken"}': 0,
    'drydock_work_seconds_count{work="start",outcome="ok"}': 1,
    'drydock_work_seconds_sum{work="start",outcome="ok"}': 3,
    'drydock_work_seconds_bucket{le="2",work="start",outcome="ok"}': 0,
    'drydock_work_seconds_bucket{le="4",work="start",outcome="ok"}': 1,
    'drydock_work_seconds_count{work="start",outcome="no-capacity"}': 1,
    'drydock_engine_call_seconds_count{call="exec",outcome="engine-refused"}': 1,
    drydock_reaped_launches_total: 2,
  };
  for (const [name, value] of Object.entries(expected)) assert.equal(values.get(name), value, name);
  for (const name of ['process_resident_memory_bytes', 'process_cpu_seconds_total', 'nodejs_eventloop_lag_p99_seconds'])
    assert.ok(values.has(name), name);
});

test('sessions are counted when somebody looks, not added up', async () => {
  const metrics = createMetrics();
  metrics.countSessions(() => ['ready']);
  await metrics.text();
  assert.equal(readMetrics(await metrics.text()).get('drydock_sessions{state="ready"}'), 1);
});

test('control: a line that is not of the format is refused', () => {
  for (const line of ['no value', 'name{a="b" 1', 'name 1 2 3', 'name one'])
    assert.throws(() => readMetrics(line), line);
});
