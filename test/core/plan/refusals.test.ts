import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planLaunch } from '../../../runner/core/plan/plan-launch.ts';
import { marked, refusedPlaces } from '../support/places.ts';
import { processorTime } from '../support/processor-time.ts';
import { REFUSALS } from '../support/refusal-cases.ts';
import { COMPOSE, SCENARIO } from '../support/small-lab.ts';

for (const { name, text, says } of REFUSALS) {
  test(`S8 compose.yaml is refused, naming the place: ${name}`, () => {
    const { text: compose, line, column } = marked(text);
    const places = refusedPlaces(() => planLaunch(SCENARIO, compose));
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

test('control: the small lab itself is accepted, and a place that is not refused fails the check', () => {
  planLaunch(SCENARIO, COMPOSE);
  assert.throws(() => refusedPlaces(() => planLaunch(SCENARIO, COMPOSE)), /it was accepted/);
});
