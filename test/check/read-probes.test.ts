import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { DrydockError } from '#contract';
import { readProbes } from '../../runner/check/read-probes.ts';
import type { Lab } from '../../runner/library/lab.ts';

/** What readProbes says of probe files with these texts. */
async function read(files: Readonly<Record<string, string>>) {
  const probesFolder = await mkdtemp(join(tmpdir(), 'drydock-probes-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(probesFolder, name), text);
    // Of a lab only these are read.
    return await readProbes({ id: 'small', probes: files, probesFolder } as unknown as Lab);
  } finally {
    await rm(probesFolder, { recursive: true });
  }
}

const probe = (change = '') => `export default [{ id: 'enter', kind: 'attack', at: 'outside'${change} }];`;

test('a task’s probes are those of its file, the outside is the first outside position', async () => {
  const files = {
    'shut.ts':
      "export default [{ id: 'enter', kind: 'attack', at: 'outside' }, { id: 'use', kind: 'benign', at: 'gateway' }];",
    '_shared.ts': 'export const a: number = 1;',
    'notes.md': '# not a probe',
  };
  assert.deepEqual(await read(files), [
    { task: 'shut', file: 'shut.ts', probe: 'enter', kind: 'attack', position: 'outside-1' },
    { task: 'shut', file: 'shut.ts', probe: 'use', kind: 'benign', position: 'gateway' },
  ]);
});

const WRONG: Readonly<Record<string, string>> = {
  'exports nothing': '',
  'exports one probe instead of a list': "export default { id: 'enter', kind: 'attack', at: 'outside' };",
  'exports an empty list': 'export default [];',
  'has a kind nobody knows': probe(", kind: 'other'"),
  'has no position': probe(', at: undefined'),
  'has an id that no result could carry': probe(", id: 'enter--twice'"),
  'has an id longer than a result carries': probe(`, id: '${'a'.repeat(41)}'`),
  'has an id twice': "const p = { id: 'enter', kind: 'attack', at: 'outside' }; export default [p, { ...p }];",
  'takes longer than a checker lives': probe(', seconds: 51'),
  'cannot be parsed': 'export default [',
  throws: "throw new Error('at load');",
};

for (const [name, text] of Object.entries(WRONG)) {
  test(`C4 a probe file that ${name} is the lab's fault, named by its file`, async () => {
    await assert.rejects(
      read({ 'shut.ts': text }),
      (error) =>
        error instanceof DrydockError &&
        error.name === 'could-not-check' &&
        error.message.includes('scenarios/small/probes/shut.ts'),
    );
  });
}

test('control: the same file without the fault is read', async () => {
  assert.equal((await read({ 'shut.ts': probe(', seconds: 50') })).length, 1);
});
