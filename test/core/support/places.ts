import assert from 'node:assert/strict';
import { DrydockError, type Place } from '#contract';

/** Takes the § out of a text: what is left, and where it stood, 1-based. */
export function marked(text: string): { text: string; line: number; column: number } {
  const before = text.split('§')[0] ?? '';
  assert.notEqual(before, text, 'the text has no §');
  const lines = before.split('\n');
  return { text: text.replace('§', ''), line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

/** The places a refusal names; a result, or any other error, fails the test. */
export function refusedPlaces(parse: () => unknown): readonly Place[] {
  try {
    parse();
  } catch (error) {
    assert.ok(error instanceof DrydockError, `a DrydockError, not ${error}`);
    assert.equal(error.name, 'invalid-file');
    return error.at;
  }
  assert.fail('it was accepted');
}
