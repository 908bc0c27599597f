import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeFrame, frameDecoder } from '../../runner/pipe/agent/frames.ts';
import { processorTime } from '../core/support/processor-time.ts';

/** Cuts bytes at the places given. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

test('any messages come out as they went in, wherever the stream is cut', () => {
  const messages = fc
    .array(fc.jsonValue(), { maxLength: 5 })
    .map((values) => JSON.parse(JSON.stringify(values)) as unknown[]);
  fc.assert(
    fc.property(messages, fc.array(fc.nat(), { maxLength: 12 }), (values, places) => {
      const decode = frameDecoder();
      const chunks = cut(Buffer.concat(values.map(encodeFrame)), places);
      assert.deepEqual(
        chunks.flatMap((chunk) => decode(chunk)),
        values,
      );
    }),
  );
});

test('a message is not changed by what comes after it', () => {
  const decode = frameDecoder();
  const chunk = Buffer.concat([encodeFrame({ a: 'x' }), encodeFrame({ b: 'y' }).subarray(0, 6)]);
  const [first] = decode(chunk);
  chunk.fill(0);
  assert.deepEqual(first, { a: 'x' });
  assert.deepEqual(decode(encodeFrame({ b: 'y' }).subarray(6)), [{ b: 'y' }]);
});

test('a frame over the limit is refused by its length alone, one at the limit is not', () => {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(65);
  assert.throws(() => frameDecoder(64)(header), RangeError);
  assert.deepEqual(frameDecoder(64)(encodeFrame('x'.repeat(62))), ['x'.repeat(62)]);
});

test('a frame of more values than the limit is refused before they are made, one at the limit is not', () => {
  const lists = (count: number) => encodeFrame(Array(count).fill([]));
  assert.throws(() => frameDecoder(undefined, 1000)(lists(1000)), RangeError);
  assert.equal((frameDecoder(undefined, 1000)(lists(499))[0] as unknown[]).length, 499);
  const million = lists(600_000);
  const took = processorTime(() => assert.throws(() => frameDecoder(undefined, 32_768)(million), RangeError));
  const made = processorTime(() => frameDecoder()(million));
  assert.ok(took < made / 2, `${took} ms to refuse, ${made} ms to make`);
});

test('any bytes at all are messages, wait for more, or are refused', () => {
  const property = fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), (chunks) => {
    const decode = frameDecoder(10_000);
    for (const chunk of chunks) {
      try {
        for (const message of decode(chunk)) JSON.stringify(message);
      } catch (error) {
        assert.ok(error instanceof RangeError || error instanceof SyntaxError);
        return;
      }
    }
  });
  fc.assert(property, { numRuns: 1000 });
});

test('what is not JSON is refused', () => {
  assert.throws(() => frameDecoder()(Buffer.concat([Buffer.from([0, 0, 0, 2]), Buffer.from('{]')])), SyntaxError);
});

/** Processor time, in milliseconds, to read a frame of `bytes` zeros in chunks of `size`, the first of them one byte long. */
function timeOf(bytes: number, size: number): number {
  const frame = encodeFrame('0'.repeat(bytes));
  const decode = frameDecoder();
  return processorTime(() => {
    decode(frame.subarray(0, 1));
    for (let at = 1; at < frame.length; at += size) decode(frame.subarray(at, at + size));
  });
}

test('the time to read a frame grows with its length, not with the number of pieces it comes in', () => {
  timeOf(10_000, 1);
  // Bytes one by one: joining what is held anew for each would take minutes.
  const took = timeOf(400_000, 1);
  assert.ok(took < 2000, `${Math.round(took)} ms for 400 kB, byte by byte`);
  const large = timeOf(16_000_000, 16_384);
  assert.ok(large < 2000, `${Math.round(large)} ms for 16 MB`);
});

test('many small frames in one chunk take as long as they are', () => {
  const chunk = Buffer.concat(Array(200_000).fill(encodeFrame({})));
  const took = processorTime(() => assert.equal(frameDecoder()(chunk).length, 200_000));
  assert.ok(took < 2000, `${Math.round(took)} ms`);
});
