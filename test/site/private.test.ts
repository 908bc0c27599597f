import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, servedTexts } from './support/built-site.ts';

const PRIVATE = 'scenarios/*/{probes,solution,accepted,rejected}/**/*.{ts,yaml,conf,sql}';
const LEARNERS = ['scenarios/*/workspace/**/*', 'labs/ferry/**/*', 'scenarios/*/tasks/*', 'site/src/content/docs/*'];
/** Shorter lines occur by chance. */
const TELLING = 32;

const linesOf = (pattern: string | string[]) =>
  globSync(pattern, { cwd: ROOT, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .flatMap((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').split('\n'))
    .map((line) => line.trim())
    .filter((line) => line.length >= TELLING);

/** Lines that stand in something a learner must not see, and in nothing a learner is given. */
function secretLines(): string[] {
  const given = new Set(linesOf(LEARNERS));
  return [...new Set(linesOf(PRIVATE))].filter((line) => !given.has(line));
}

/** As text and as a bundler would write it into a string. */
const isIn = (texts: Iterable<string>, line: string) =>
  [...texts].some((text) => text.includes(line) || text.includes(JSON.stringify(line).slice(1, -1)));

test('C5 no line of a probe, a solution or a known wrong fix is in what a browser is served', () => {
  const texts = [...servedTexts().values()];
  const lines = secretLines();
  assert.ok(lines.length > 100, `only ${lines.length} lines to look for`);
  const found = lines.filter((line) => isIn(texts, line));
  assert.deepEqual(found, []);
});

test('control: the same search finds a line of a task that is served, and one of a probe that is bundled', () => {
  const texts = [...servedTexts().values()];
  assert.ok(isIn(texts, 'Become an administrator'));
  const [line = ''] = secretLines();
  assert.ok(isIn([...texts, `const probe=${JSON.stringify(line)};`], line));
});
