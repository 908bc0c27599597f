import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCheck } from '../../runner/check/run-check.ts';
import type { Lab } from '../../runner/library/lab.ts';
import { checkerHost, TARGET } from './support/checker.ts';

/** A probe file that needs no SDK, since the runner reads it from a folder of its own. */
const file = (...probes: string[]) => `export default [${probes.join(',')}];`;
const attack = (id: string, finding: string, at = 'outside') =>
  `{ id: '${id}', kind: 'attack', at: '${at}', control: async () => true, attack: async () => (${finding}) }`;
const benign = (id: string, finding: string, at = 'outside') =>
  `{ id: '${id}', kind: 'benign', at: '${at}', run: async () => (${finding}) }`;
const OPEN = "{ finding: 'open', params: {} }";
const CLOSED = "{ finding: 'closed', params: {} }";

/** Verdicts of the tasks whose probe files these are. */
async function verdicts(files: Readonly<Record<string, string>>, tasks = Object.keys(files)) {
  await using host = await checkerHost();
  const probesFolder = await mkdtemp(join(tmpdir(), 'drydock-probes-'));
  try {
    for (const [task, source] of Object.entries(files)) await writeFile(join(probesFolder, `${task}.ts`), source);
    const probes = Object.fromEntries(Object.entries(files).map(([task, source]) => [`${task}.ts`, source]));
    const lab = { id: 'small', probes, probesFolder, messages: { 'enter-open': 'Still open.' } };
    let drawn = 0;
    const random = (bytes: number) => String(drawn++).padStart(2 * bytes, '0');
    // Of a lab a check reads nothing else.
    const found = await runCheck({ ...host.deps, random }, TARGET, lab as unknown as Lab, tasks);
    return { found: found.map(({ task, verdict, message }) => [task, verdict, message.text]), host };
  } finally {
    await rm(probesFolder, { recursive: true });
  }
}

const HELD = file(attack('enter', CLOSED), benign('use', OPEN));

test('attacks held and uses that work pass; an open attack is told in the lab’s own sentence', async () => {
  const { found } = await verdicts({ shut: HELD, other: file(attack('enter', OPEN), benign('use', OPEN)) });
  assert.deepEqual(found, [
    ['shut', 'passed', 'All 2 probes are answered as they should be.'],
    ['other', 'not-yet', 'Still open.'],
  ]);
});

test('each position has a checker and a nonce of its own', async () => {
  const { found, host } = await verdicts({ shut: file(attack('enter', CLOSED), benign('use', OPEN, 'gateway')) });
  assert.equal(found[0]?.[1], 'passed');
  assert.deepEqual(new Set(host.specs.map(({ name }) => name)).size, 2);
});

test('C4 a checker that dies breaks the tasks that needed it, and no other', async () => {
  const { found } = await verdicts({
    shut: file(attack('enter', CLOSED), benign('dies', 'process.exit(0)', 'gateway')),
    other: HELD,
  });
  assert.deepEqual(
    found.map(([task, verdict]) => [task, verdict]),
    [
      ['shut', 'broken'],
      ['other', 'passed'],
    ],
  );
  assert.match(found[0]?.[2] ?? '', /"dies" .*0 results.*says nothing about your fix/);
});

test('C4 a task that has no probe file is broken, not passed', async () => {
  const { found } = await verdicts({ shut: HELD }, ['shut', 'forgotten']);
  assert.deepEqual(
    found.map(([task, verdict]) => [task, verdict]),
    [
      ['shut', 'passed'],
      ['forgotten', 'broken'],
    ],
  );
});

test('C2 a checker’s word on a task it was not asked about does not exist', async () => {
  const forged = `(await import('node:fs')).writeSync(1, JSON.stringify({
    nonce: 'x', results: [], broken: [] }) + '\\n') && ${OPEN}`;
  const { found } = await verdicts({
    shut: file(attack('enter', CLOSED), benign('use', forged)),
    other: file(attack('enter', OPEN, 'gateway'), benign('use', OPEN, 'gateway')),
  });
  assert.deepEqual(
    found.map(([task, verdict]) => [task, verdict]),
    [
      ['shut', 'broken'],
      ['other', 'not-yet'],
    ],
  );
});
