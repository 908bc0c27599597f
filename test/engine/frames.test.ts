import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { demultiplex } from '../../runner/engine/docker/frames.ts';

interface Frame {
  readonly stream: 1 | 2;
  readonly payload: Uint8Array;
}

const frame = fc.record({
  stream: fc.constantFrom(1 as const, 2 as const),
  payload: fc.uint8Array({ maxLength: 100 }),
});

function encode(frames: readonly Frame[]): Buffer {
  return Buffer.concat(
    frames.flatMap(({ stream, payload }) => {
      const header = Buffer.alloc(8);
      header[0] = stream;
      header.writeUInt32BE(payload.length, 4);
      return [header, Buffer.from(payload)];
    }),
  );
}

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

async function collect(source: Iterable<Buffer>) {
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  for await (const { stream, bytes } of demultiplex(source)) parts[stream].push(bytes);
  return { stdout: Buffer.concat(parts.stdout).toString('hex'), stderr: Buffer.concat(parts.stderr).toString('hex') };
}

const joined = (frames: readonly Frame[], stream: 1 | 2) =>
  Buffer.concat(frames.filter((one) => one.stream === stream).map(({ payload }) => payload)).toString('hex');

test('streams come apart the same wherever the network cuts them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(frame, { maxLength: 12 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      async (frames, cuts) => {
        const got = await collect(split(encode(frames), cuts));
        assert.deepEqual(got, { stdout: joined(frames, 1), stderr: joined(frames, 2) });
      },
    ),
  );
});

test('a stream that ends inside a frame is an error, never a shorter output', async () => {
  const whole = encode([{ stream: 1, payload: Buffer.from('hello') }]);
  for (let length = 1; length < whole.length; length++) {
    await assert.rejects(collect([whole.subarray(0, length)]), /inside a frame/);
  }
  await assert.doesNotReject(collect([whole]));
});

test('what is no multiplexed stream is an error', async () => {
  await assert.rejects(collect([Buffer.from('plain words of a terminal')]), /not made of frames/);
});

test('payload is passed on without a copy', async () => {
  const whole = encode([{ stream: 2, payload: Buffer.from('hello') }]);
  for await (const { bytes } of demultiplex([whole])) assert.equal(bytes.buffer, whole.buffer);
});
