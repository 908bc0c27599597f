import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { DrydockError } from '#contract';
import { parseYaml } from '../../../runner/core/source/parse-yaml.ts';

const Schema = z.object({ networks: z.record(z.string(), z.null()) });
const said = (text: string): string => {
  try {
    parseYaml(text, 'compose.yaml', Schema);
    return '';
  } catch (error) {
    return error instanceof DrydockError ? (error.at[0]?.message ?? '') : String(error);
  }
};

test('what is not there is called missing, what is there and wrong is not', () => {
  assert.equal(said('other: 1\n'), 'networks: this is missing');
  assert.doesNotMatch(said('networks: 1\n'), /missing/);
  assert.equal(said('networks: {front: }\n'), '');
});
