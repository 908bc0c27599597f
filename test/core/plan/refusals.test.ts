import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planLaunch } from '../../../runner/core/plan/plan-launch.ts';
import { marked, refusedPlaces } from '../support/places.ts';
import { processorTime } from '../support/processor-time.ts';
import { REFUSALS } from '../support/refusal-cases.ts';
import { COMPOSE, SCENARIO } from '../support/small-lab.ts';
import { WIDE_COMPOSE, WIDE_SCENARIO, without } from '../support/wide-lab.ts';
import { WIDE_REFUSALS } from '../support/wide-refusals.ts';

const CASES = [
  ...REFUSALS.map((refusal) => ({ ...refusal, scenario: SCENARIO })),
  ...WIDE_REFUSALS.map((refusal) => ({ ...refusal, scenario: WIDE_SCENARIO })),
];

for (const { name, text, says, scenario } of CASES) {
  test(`S8 compose.yaml is refused, naming the place: ${name}`, () => {
    const { text: compose, line, column } = marked(text);
    const places = refusedPlaces(() => planLaunch(scenario, compose));
    const there = places.filter((place) => place.line === line && place.column === column);
    assert.ok(there.length > 0, `expected ${line}:${column}, got ${JSON.stringify(places)}`);
    assert.ok(
      there.some((place) => says.test(place.message)),
      JSON.stringify(there),
    );
    assert.ok(places.every(({ file }) => file === 'compose.yaml'));
  });
}

test('S8 every wrong place is named at once', () => {
  const text = COMPOSE.replace('image: drydock/node', 'image: drydock/node\n    privileged: true\n    pid: host');
  assert.deepEqual(
    refusedPlaces(() => planLaunch(SCENARIO, text)).map(({ line, column }) => [line, column]),
    [
      [5, 5],
      [6, 5],
    ],
  );
});

test('S8 a file full of wrong places is refused in a moment, naming the first of them', () => {
  const text = `${COMPOSE}${Array.from({ length: 5000 }, (_, index) => `k${index}: 1\n`).join('')}`;
  const took = processorTime(() => {
    const places = refusedPlaces(() => planLaunch(SCENARIO, text));
    assert.ok(places.length > 1 && places.length <= 20, `${places.length} places`);
  });
  assert.ok(took < 3000, `${Math.round(took)} ms`);
});

test('control: the labs themselves are accepted, and a place that is not refused fails the check', () => {
  planLaunch(SCENARIO, COMPOSE);
  planLaunch(WIDE_SCENARIO, WIDE_COMPOSE);
  planLaunch(WIDE_SCENARIO, without('proxy', 'watcher'));
  assert.throws(() => refusedPlaces(() => planLaunch(SCENARIO, COMPOSE)), /it was accepted/);
});
