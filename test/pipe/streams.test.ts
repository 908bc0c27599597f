import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LIMITS, type StreamMessage } from '../../runner/pipe/agent/protocol.ts';
import { type StreamEnd, streamEnd } from '../../runner/pipe/agent/stream.ts';

const failure = (why: string) => new Error(why);
const alone = (send: (message: StreamMessage) => unknown = () => undefined) => streamEnd({ id: 1, send, failure });
const data = (bytes: number): StreamMessage => ({
  type: 'data',
  stream: 1,
  bytes: Buffer.alloc(bytes).toString('base64'),
});

/** Two ends joined, their messages late by a turn, as those of a pipe are. `most`: bytes ever under way one way. */
function joined() {
  const ends: StreamEnd[] = [];
  let under = 0;
  let most = 0;
  const to = (other: number) => async (message: StreamMessage) => {
    if (message.type === 'data' && other === 1) under += Buffer.from(message.bytes, 'base64').length;
    most = Math.max(most, under);
    if (message.type === 'credit' && other === 0) under -= message.bytes;
    await new Promise((resolve) => setImmediate(resolve));
    ends[other]?.receive(message);
  };
  ends.push(alone(to(1)), alone(to(0)));
  const [left, right] = ends as [StreamEnd, StreamEnd];
  return { left, right, most: () => most };
}

async function collect(end: StreamEnd): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const bytes of end.output) chunks.push(bytes);
  return Buffer.concat(chunks);
}

async function say(end: StreamEnd, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) await end.write(piece);
  end.endInput();
}

test('any bytes, in any pieces, both ways, come out as they went in, within the window', async () => {
  const pieces = fc.array(
    fc.nat(3 * LIMITS.streamFrame).map((size) => Buffer.alloc(size, size)),
    { maxLength: 12 },
  );
  const property = fc.asyncProperty(pieces, pieces, async (there, back) => {
    const { left, right, most } = joined();
    const [gotRight, gotLeft] = await Promise.all([collect(right), collect(left), say(left, there), say(right, back)]);
    assert.ok(gotRight.equals(Buffer.concat(there)) && gotLeft.equals(Buffer.concat(back)));
    assert.ok(most() <= LIMITS.streamWindow);
    await Promise.all([left.over, right.over]);
  });
  await fc.assert(property, { numRuns: 30 });
});

test('who does not read stops the other end at the window', async () => {
  const { left, right, most } = joined();
  const writing = left.write(Buffer.alloc(4 * LIMITS.streamWindow));
  for (let turns = 0; turns < 200; turns++) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(most(), LIMITS.streamWindow);
  const reading = collect(right);
  await writing;
  left.endInput();
  assert.equal((await reading).length, 4 * LIMITS.streamWindow);
});

test('more than the window, in bytes or in credit, is refused at once; the window itself is not', () => {
  const end = alone();
  for (let sent = 0; sent < LIMITS.streamWindow; sent += LIMITS.streamFrame) end.receive(data(LIMITS.streamFrame));
  assert.throws(() => end.receive(data(1)), RangeError);
  assert.throws(() => alone().receive({ type: 'credit', stream: 1, bytes: 1 }), RangeError);
});

test('a window full of single bytes, and of empty messages, takes no more room than the window', () => {
  const end = alone();
  const one = data(1);
  const none = data(0);
  const before = process.memoryUsage().heapUsed;
  for (let sent = 0; sent < LIMITS.streamWindow; sent++) {
    end.receive(one);
    end.receive(none);
  }
  const grown = (process.memoryUsage().heapUsed - before) / 2 ** 20;
  assert.ok(grown < 40, `${grown} MiB`);
  assert.throws(() => end.receive(one), RangeError);
});

test('messages of every kind in any order never do more than end the stream or be refused', async () => {
  const message: fc.Arbitrary<StreamMessage> = fc.oneof(
    fc.nat(LIMITS.streamFrame).map(data),
    fc.integer({ min: 1, max: LIMITS.streamWindow }).map((bytes) => ({ type: 'credit' as const, stream: 1, bytes })),
    fc.constant({ type: 'end' as const, stream: 1 }),
    fc.constantFrom('closed', 'refused', 'reset').map((why) => ({ type: 'close' as const, stream: 1, why }) as const),
  );
  const act = fc.constantFrom('write', 'endInput', 'close', 'read');
  const steps = fc.array(fc.oneof(message, act), { maxLength: 40 });
  const property = fc.asyncProperty(steps, async (taken) => {
    const end = alone();
    const read = end.output[Symbol.asyncIterator]();
    for (const step of taken) {
      if (step === 'write') end.write(Buffer.alloc(1000)).catch(() => undefined);
      else if (step === 'read') read.next().catch(() => undefined);
      else if (step === 'endInput') end.endInput();
      else if (step === 'close') end.close();
      else {
        try {
          end.receive(step as StreamMessage);
        } catch (error) {
          assert.ok(error instanceof RangeError);
          return;
        }
      }
      await Promise.resolve();
    }
    end.close('reset');
    // A stream that is over takes nothing more and gives nothing more but what it had.
    await assert.rejects(end.write(Buffer.alloc(1)));
    await end.over;
  });
  await fc.assert(property, { numRuns: 300 });
});
