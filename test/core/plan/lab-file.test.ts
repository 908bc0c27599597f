import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Scenario } from '#contract';
import { parseYaml } from '../../../runner/core/source/parse-yaml.ts';
import { marked, refusedPlaces } from '../support/places.ts';

const LAB = `formatVersion: 1
title: A lab
practice: isolation
summary: For tests.
minutes: 10
public: front
outside: 2
services:
  gateway:
    ready: { kind: tcp, port: 80 }
tasks: {}
`;
const parse = (text: string) => parseYaml(text, 'scenario.yaml', Scenario).value;

/** Names under which the launch has something of its own: a position, or the engine's name for a piece of another. */
const TAKEN = ['workbench', 'outside', 'outside-1', 'outside-7', 'at-x', 'check-gateway', 'data-x'];
const FREE = ['x-1', 'x-1-files-0', 'net-x', 'home', 'workbench-2', 'attic', 'database', 'checks'];

for (const name of TAKEN) {
  test(`S8 a lab is refused at its place for a service named ${name}`, () => {
    const { text, line, column } = marked(LAB.replace('gateway:', `§${name}:`));
    const [place] = refusedPlaces(() => parse(text));
    assert.deepEqual([place?.file, place?.line, place?.column], ['scenario.yaml', line, column]);
    assert.match(place?.message ?? '', /this name is taken/);
  });
}

test('control: names that only look like those are free', () => {
  for (const name of FREE) assert.ok(name in parse(LAB.replace('gateway:', `${name}:`)).services);
});

for (const [what, line, says] of [
  ['a role there is not', '§role: privileged', /services\.gateway\.role/],
  ['a signal that is no reload', '§reload: SIGKILL', /services\.gateway\.reload/],
  ['a command outside a sensor', '§command: [sh]', /only a sensor/],
  ['a key there is not', '§capabilities: [ALL]', /not allowed here/],
] as const) {
  test(`S8 a lab is refused at its place for ${what}`, () => {
    const { text, line: row, column } = marked(LAB.replace('  gateway:\n', `  gateway:\n    ${line}\n`));
    const [place] = refusedPlaces(() => parse(text));
    assert.deepEqual([place?.line, place?.column], [row, column]);
    assert.match(place?.message ?? '', says);
  });
}

for (const limit of ['§mebibytes: 513', '§mebibytes: 0', '§inodes: 50001', '§inodes: 1', '§size: 1']) {
  test(`S4 a lab is refused at its place for a data volume with ${limit.replace('§', '')}`, () => {
    const { text, line, column } = marked(`${LAB}volumes:\n  spool: { ${limit} }\n`);
    const [place] = refusedPlaces(() => parse(text));
    assert.deepEqual([place?.line, place?.column], [line, column]);
  });
}
