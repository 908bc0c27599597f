import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DrydockError } from '#contract';
import { CLOSE_REASONS, LIMITS } from '../../runner/pipe/agent/protocol.ts';
import { parseAnswer } from '../../runner/pipe/parse-answer.ts';

const id = fc.integer({ min: 1, max: 1e6 });
const cells = fc.integer({ min: 1, max: LIMITS.screen });
const base64 = fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes).toString('base64'));
const kind = <T extends object>(type: string, fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record({ type: fc.constant(type), ...fields });

/** Every message an honest agent can say. */
const HONEST: Readonly<Record<string, fc.Arbitrary<object>>> = {
  hello: kind('hello', { root: fc.string() }),
  answer: kind('answer', { id, value: fc.jsonValue() }),
  part: kind('part', { id, path: fc.constantFrom('a', 'a/b.ts'), content: base64 }),
  refusal: kind('refusal', { id, refusal: fc.constantFrom('missing', 'failed'), message: fc.string() }),
  changed: kind('changed', {}),
  lab: kind('lab', {
    call: id,
    argv: fc.array(fc.string(), { maxLength: LIMITS.words }),
    size: fc.option(fc.record({ cols: cells, rows: cells })),
  }),
  'lab-gone': kind('lab-gone', { call: id }),
  resize: kind('resize', { call: id, cols: cells, rows: cells }),
  opened: kind('opened', { stream: id }),
  data: kind('data', { stream: id, bytes: base64 }),
  credit: kind('credit', { stream: id, bytes: fc.integer({ min: 1, max: LIMITS.streamWindow }) }),
  end: kind('end', { stream: id }),
  close: kind('close', { stream: id, why: fc.constantFrom(...CLOSE_REASONS) }),
};

const asSent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

for (const [type, message] of Object.entries(HONEST)) {
  test(`what an honest agent says (${type}) is taken as it is`, () => {
    fc.assert(
      fc.property(message, (said) => {
        assert.deepEqual(parseAnswer.message(asSent(said)), asSent(said));
      }),
    );
  });

  test(`with any one field (${type}) made anything else it is taken or refused, never anything more`, () => {
    const spoiled = fc.tuple(message, fc.nat(10), fc.jsonValue()).map(([said, at, value]) => {
      const names = Object.keys(said);
      return { ...said, [names[at % names.length] ?? 'type']: value };
    });
    fc.assert(fc.property(spoiled, (said) => isTakenOrRefused(asSent(said))));
  });
}

test('any value at all is a message or refused', () => {
  fc.assert(fc.property(fc.jsonValue(), isTakenOrRefused), { numRuns: 1000 });
});

function isTakenOrRefused(value: unknown): void {
  try {
    const { type } = parseAnswer.message(value);
    assert.ok(Object.hasOwn(HONEST, type));
  } catch (error) {
    assert.ok(error instanceof DrydockError && error.name === 'workbench-lost');
  }
}

test('too many words, files or bytes are refused by their number alone', () => {
  const words = (count: number) => ({ type: 'lab', call: 1, argv: Array(count).fill('x'), size: null });
  parseAnswer.message(words(LIMITS.words));
  assert.throws(() => parseAnswer.message(words(LIMITS.words + 1)), DrydockError);
  const files = (count: number) => Array(count).fill({ path: 'a', bytes: 1, version: 'v' });
  assert.equal(parseAnswer.list(files(LIMITS.files)).length, LIMITS.files);
  assert.throws(() => parseAnswer.list(files(LIMITS.files + 1)), DrydockError);
  const data = (bytes: number) => ({ type: 'data', stream: 1, bytes: Buffer.alloc(bytes).toString('base64') });
  parseAnswer.message(data(LIMITS.streamFrame));
  assert.throws(() => parseAnswer.message(data(LIMITS.streamFrame + 3)), DrydockError);
});
