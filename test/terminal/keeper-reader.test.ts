import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DrydockError } from '#contract';
import { type KeeperEvent, keeperReader } from '../../runner/terminal/keeper-reader.ts';
import { mergeOutput } from '../../runner/terminal/merge-output.ts';
import { frame } from './support/fake-keeper.ts';

function attached(seq: number, skipped: number): Buffer {
  const payload = Buffer.alloc(16);
  payload.writeBigUInt64BE(BigInt(seq), 0);
  payload.writeBigUInt64BE(BigInt(skipped), 8);
  return frame('a', payload);
}

test('the same events come out however the stream is cut', () => {
  const exit = Buffer.alloc(4);
  exit.writeInt32BE(-1);
  const stream = Buffer.concat([
    attached(12, 3),
    frame('o', Buffer.from('abc')),
    frame('o', Buffer.alloc(0)),
    frame('o', Buffer.from('de')),
    frame('x', exit),
  ]);
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
      const read = keeperReader();
      const events: KeeperEvent[] = [];
      const edges = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
      for (let at = 1; at < edges.length; at++) events.push(...read(stream.subarray(edges[at - 1], edges[at])));
      assert.deepEqual(mergeOutput(events), [
        { type: 'attached', seq: 12, skipped: 3 },
        { type: 'output', bytes: Buffer.from('abcde') },
        { type: 'exit', code: -1 },
      ]);
    }),
  );
});

test('any bytes at all give events or a known error, never more output than came in', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.uint8Array({ maxLength: 200 }), (greet, bytes) => {
      const read = keeperReader();
      try {
        const events = read(Buffer.concat([greet ? attached(0, 0) : Buffer.alloc(0), bytes]));
        const output = events.reduce((sum, event) => sum + (event.type === 'output' ? event.bytes.length : 0), 0);
        assert.ok(output <= bytes.length);
      } catch (error) {
        assert.ok(error instanceof DrydockError && error.name === 'workbench-lost');
      }
    }),
  );
});

test('a lone output is passed on without a copy', () => {
  const stream = Buffer.concat([attached(0, 0), frame('o', Buffer.from('abc'))]);
  const [, output] = mergeOutput(keeperReader()(stream));
  assert.ok(output?.type === 'output' && output.bytes.buffer === stream.buffer);
});
