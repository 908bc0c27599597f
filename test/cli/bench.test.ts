import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { repeat } from '../../runner/cli/bench/measure.ts';
import { chooseMeasures } from '../../runner/cli/bench/measures.ts';
import { recordLaunch } from '../../runner/cli/bench/record-launch.ts';
import { benchTable } from '../../runner/cli/bench/show-bench.ts';
import { spread, summarise } from '../../runner/cli/bench/summary.ts';
import { parseRuns } from '../../runner/cli/parse-options.ts';
import { LABEL } from '../../runner/core/labels/labels.ts';
import { loadLab } from '../../runner/library/load-lab.ts';
import { measureOf } from './support/bench-results.ts';

const root = join(import.meta.dirname, '../..');
const ALL = ['start.cold', 'apply.one', 'check.full', 'terminal.echo', 'terminal.throughput'];
const names = (asked: string[]) => chooseMeasures(asked).map(({ name }) => name);

test('measures are chosen by name, by group or all, and always run in one order', () => {
  assert.deepEqual(names([]), ALL);
  assert.deepEqual(names(['check.full', 'start']), ['start.cold', 'check.full']);
  assert.deepEqual(names(['terminal']), ['terminal.echo', 'terminal.throughput']);
});

test('a name that is no measure is a usage error that lists them', () => {
  for (const name of ['nothing', 'term', 'start.', '']) {
    assert.throws(() => chooseMeasures(['start', name]), {
      name: 'usage',
      exit: 2,
      hint: /start\.cold, .*terminal\.throughput/,
    });
  }
});

test('a number of runs is from 1 to 1000', () => {
  assert.equal(parseRuns('3'), 3);
  for (const text of ['0', '-1', '1.5', '1001', 'x', '']) assert.throws(() => parseRuns(text), /1 to 1000/);
});

test('both sides are repeated in turn, each going first every other time', async () => {
  const order: string[] = [];
  const side = (name: string) => async () => [order.push(name)];
  const values = await repeat({ drydock: side('drydock'), raw: side('raw') }, 4, (run) => order.push(String(run)));
  assert.equal(order.join(' '), '0 drydock raw 1 raw drydock 2 drydock raw 3 raw drydock');
  assert.equal(values.drydock.length, 4);
  assert.equal(values.raw.length, 4);
});

test('a side that fails ends the measure; the other side is not asked again', async () => {
  const asked: string[] = [];
  const failing = {
    drydock: async () => [asked.push('drydock')],
    raw: () => Promise.reject(new Error('the engine said no')),
  };
  await assert.rejects(
    repeat(failing, 3, () => undefined),
    /the engine said no/,
  );
  assert.deepEqual(asked, ['drydock']);
});

test('quantiles interpolate between the closest values', () => {
  assert.deepEqual(spread([10, 0]), { count: 2, p50: 5, p95: 9.5, p99: 9.9, min: 0, max: 10 });
  assert.deepEqual(spread([7]), { count: 1, p50: 7, p95: 7, p99: 7, min: 7, max: 7 });
});

test('the ratio is of medians and turned so that more is worse; the goal holds up to its very value', () => {
  const values = { drydock: [1, 12, 100], raw: [9, 10, 11] };
  const slow = summarise(measureOf({ goal: 1.2 }), 3, values);
  assert.equal(slow.ratio, 1.2);
  assert.equal(slow.met, true);
  assert.equal(summarise(measureOf({ goal: 1.19 }), 3, values).met, false);
  const fast = summarise(measureOf({ good: 'large', goal: 1.2 }), 3, values);
  assert.equal(fast.ratio, 10 / 12);
});

test('the table says of each goal whether it is met, names both sides, and a tail only where there is one', () => {
  const met = summarise(measureOf(), 2, { drydock: [100, 110], raw: [100, 100] });
  const missed = summarise(measureOf({ name: 'terminal.echo', goal: 1.8 }), 1, {
    drydock: Array.from({ length: 100 }, () => 2),
    raw: Array.from({ length: 100 }, () => 1),
  });
  const lines = benchTable([met, missed]).map(stripVTControlCharacters);
  assert.match(lines[1] ?? '', /^start\.cold +2 +105 ms \(100 … 110\) +100 ms \(100 … 100\) +1\.05 +≤ 1\.10 +met$/);
  assert.match(lines[2] ?? '', /^terminal\.echo .*2\.00 ms \(2\.00 … 2\.00, p99 2\.00\).* 2\.00 +≤ 1\.80 +not met$/);
  assert.ok(lines.includes('start.cold, raw: the same, bare.'));
});

test('a recording holds everything a launch and its check ask of the engine, on subnets nobody has', async () => {
  const lab = await loadLab(root, 'access-control');
  const taken = '10.213.128.0/28';
  const recording = await recordLaunch(lab, (name) => name, [taken]);
  const services = Object.keys(lab.scenario.services);
  const roles = Map.groupBy(recording.containers, ({ spec }) => spec.labels[LABEL.role]);
  assert.equal(recording.networks.length, 2);
  assert.ok(recording.networks.every(({ subnet }) => subnet !== taken));
  assert.equal(roles.get('filer')?.length, services.length);
  assert.equal(roles.get('holder')?.length, services.length + 2);
  assert.equal(roles.get('workbench')?.length, 1);
  assert.equal(recording.ready.size, services.length);
  assert.ok(roles.get('filer')?.every(({ files, started }) => files && !started));
  assert.ok(roles.get('holder')?.every(({ started }) => started));
  const mounted = new Set(
    recording.containers.flatMap(({ spec }) => spec.hostConfig.Mounts.map(({ Source }) => Source)),
  );
  assert.deepEqual(new Set(recording.volumes.map(({ name }) => name)), mounted);
  assert.deepEqual(recording.checkers.map(({ labels }) => labels[LABEL.position]).sort(), ['accounts', 'outside-1']);
});

test('control: a lab whose launch fails is not recorded', async () => {
  const lab = await loadLab(root, 'access-control');
  const noImage = () => {
    throw new Error('no such image');
  };
  await assert.rejects(recordLaunch(lab, noImage, []), /no such image/);
});
