import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dockerEngine } from '../../../runner/engine/docker/docker-engine.ts';
import { imageTags } from '../../../runner/engine/images/image-tags.ts';
import { ROOT } from '../support/course.ts';

const engine = dockerEngine();
const layers = new Map<string, ReadonlySet<string>>();
for (const [name, tag] of Object.entries(await imageTags(ROOT))) {
  layers.set(name, new Set((await engine.image(tag))?.layers ?? assert.fail(`${tag} is not built`)));
}
const shared = (one: string, other: string) =>
  (layers.get(one) ?? assert.fail(one)).intersection(layers.get(other) ?? assert.fail(other)).size;

test('C5 the checker image shares no layer with any other, so no page of memory either', () => {
  const others = [...layers.keys()].filter((name) => name !== 'checker');
  assert.ok(others.length >= 5);
  assert.deepEqual(
    others.filter((name) => shared('checker', name) > 0),
    [],
  );
  assert.ok(shared('node', 'workbench') > 0, 'control: images made from one another do share layers');
});
