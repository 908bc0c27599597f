import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DrydockError, type ProbeResult } from '#contract';
import { parseOutput } from '../../runner/check/run-checker.ts';

const NONCE = 'a1'.repeat(32);
const RESULT: ProbeResult = {
  probe: 'enter',
  task: 'shut',
  kind: 'attack',
  finding: 'closed',
  message: { id: 'enter-closed', params: {}, text: 'Held.' },
  evidence: [{ kind: 'transcript', title: 't', text: 'x' }],
  replay: '',
};
const line = (change: object = {}, result: object = {}) =>
  JSON.stringify({ nonce: NONCE, results: [{ ...RESULT, ...result }], broken: [], ...change });

const REFUSED: readonly (readonly [name: string, text: string])[] = [
  ['nothing', ''],
  ['blank lines', '\n\n'],
  ['another nonce', line({ nonce: 'b2'.repeat(32) })],
  ['no nonce', line({ nonce: undefined })],
  ['an empty nonce', line({ nonce: '' })],
  ['the start of the nonce', line({ nonce: NONCE.slice(0, 32) })],
  ['two lines, the second right', `{"nonce":""}\n${line()}`],
  ['the right line twice', `${line()}\n${line()}`],
  ['half a line', line().slice(0, -5)],
  ['a key nobody knows', line({ verdict: 'passed' })],
  ['an unknown finding', line({}, { finding: 'perfect' })],
  ['an unknown kind', line({}, { kind: 'other' })],
  ['evidence over the limit', line({}, { evidence: [{ kind: 'log', title: '', text: 'x'.repeat(16_385) }] })],
  ['evidence of an unknown kind', line({}, { evidence: [{ kind: 'html', title: '', text: '' }] })],
  ['more evidence than fits', line({}, { evidence: Array(21).fill(RESULT.evidence[0]) })],
  ['a replay over the limit', line({}, { replay: 'x'.repeat(4097) })],
  ['more results than there can be', line({ results: Array(201).fill(RESULT) })],
];

for (const [name, text] of REFUSED) {
  test(`C2 C4 a checker that answers with ${name} has not answered`, () => {
    assert.throws(
      () => parseOutput(text, NONCE),
      (error) => error instanceof DrydockError && error.name === 'could-not-check',
    );
  });
}

test('control: one line with the nonce is the answer', () => {
  assert.deepEqual(parseOutput(`${line()}\n`, NONCE), { nonce: NONCE, results: [RESULT], broken: [] });
});

test('C4 any output is an answer or the checker’s failure, never anything else', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.json(),
        fc.nat({ max: 250 }).map((cut) => line().slice(0, cut)),
      ),
      (text) => {
        assert.throws(() => parseOutput(text, NONCE), DrydockError);
      },
    ),
  );
});
