import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diffFiles } from '../../runner/session/lab-diff.ts';
import { processorTime } from '../core/support/processor-time.ts';

const files = (texts: Readonly<Record<string, string | Buffer>>) =>
  new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));
const diff = (before: string, after: string) => diffFiles(files({ f: before }), files({ f: after }));

test('a changed line is shown between three lines before and after it, as diff -u shows it', async () => {
  assert.equal(
    await diff('1\n2\n3\n4\n5\n6\n7\n8\n9\n', '1\n2\n3\n4\nfive\n6\n7\n8\n9\n'),
    '--- a/f\n+++ b/f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n',
  );
});

test('files that are new, gone, the same or no text are told apart', async () => {
  const before = files({ same: 'x', gone: 'a\n', key: Buffer.from([0, 1]), odd: Buffer.from([0xfe]) });
  const now = files({ same: 'x', new: 'b\n', key: Buffer.from([0, 2]), odd: Buffer.from([0xff]) });
  assert.equal(
    await diffFiles(before, now),
    [
      '--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n',
      'Binary files a/key and b/key differ\n',
      '--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+b\n',
      'Files a/odd and b/odd differ\n',
    ].join(''),
  );
  assert.equal(await diffFiles(before, before), '');
});

test('a line without an end says so', async () => {
  assert.match(await diff('a\n', 'a'), /^-a\n\+a\n\\ No newline at end of file\n$/m);
});

test('nothing in a file steers the terminal it is shown in', async () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  const steering = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;
  const evil = 'x\x1b]52;c;AAAA\x07\x9b2J\r\n';
  assert.doesNotMatch(await diff('', evil), steering);
  assert.match(evil, steering, 'control');
});

/** What patch(1) makes of a file; throws when a line of the patch is not where it says. */
function patched(before: string, patch: string): string {
  const old = before.split(/(?<=\n)/);
  const lines: string[] = [];
  let at = 0;
  for (const hunk of patch.split(/^(?=@@ )/m).slice(1)) {
    const [head = '', ...body] = hunk.split('\n');
    const [, first = '', count = '1'] = /^@@ -(\d+)(?:,(\d+))? /.exec(head) ?? assert.fail(head);
    const start = Number(first) - (count === '0' ? 0 : 1);
    lines.push(...old.slice(at, start));
    at = start;
    for (const [index, line] of body.entries()) {
      if (line === '' || line[0] === '\\') continue;
      const text = line.slice(1) + (body[index + 1]?.startsWith('\\') ? '' : '\n');
      if (line[0] !== '+') assert.equal(old[at++], text);
      if (line[0] !== '-') lines.push(text);
    }
  }
  return [...lines, ...old.slice(at)].join('');
}

test('for any two texts the result is a patch that turns one into the other', async () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', 'd', '', 'long line'), { maxLength: 30 })
    .chain((lines) => fc.boolean().map((ends) => lines.join('\n') + (ends && lines.length > 0 ? '\n' : '')));
  const property = fc.asyncProperty(text, text, async (before, after) => {
    const patch = await diff(before, after);
    if (patch === '') return assert.equal(before, after);
    assert.equal(patched(before, patch), after);
  });
  await fc.assert(property, { numRuns: 60 });
});

test('two files of the largest size with nothing in common take no longer than it takes to show them', async () => {
  const lines = (word: string) => Array.from({ length: 100_000 }, (_, at) => `${word}${at}\n`).join('');
  let shown: Promise<string> = Promise.resolve('');
  const took = processorTime(() => {
    shown = diff(lines('a'), lines('b'));
  });
  assert.ok(took < 1000, `${took} ms`);
  assert.match((await shown).slice(-60), /too long to be shown/);
});
