import type { Chunk } from '../../core/ports/engine.ts';

const HEADER_BYTES = 8;
const STDERR = 2;

/**
 * Takes the engine's multiplexed stream apart: frames of [stream, 0, 0, 0, length as 32 bits big-endian, payload].
 * Payload is passed on as slices of what was read, without waiting for a frame to be whole. Throws when the stream
 * ends inside a frame, or is none.
 */
export async function* demultiplex(
  source: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<Chunk, void, undefined> {
  const header = Buffer.alloc(HEADER_BYTES);
  let headerBytes = 0;
  let left = 0;
  let stream: Chunk['stream'] = 'stdout';
  for await (const buffer of source) {
    let at = 0;
    while (at < buffer.length) {
      if (left > 0) {
        const bytes = buffer.subarray(at, at + left);
        at += bytes.length;
        left -= bytes.length;
        yield { stream, bytes };
        continue;
      }
      const copied = buffer.copy(header, headerBytes, at, at + HEADER_BYTES - headerBytes);
      at += copied;
      headerBytes += copied;
      if (headerBytes < HEADER_BYTES) continue;
      headerBytes = 0;
      left = header.readUInt32BE(4);
      stream = header[0] === STDERR ? 'stderr' : 'stdout';
      if ((header[0] ?? 0) > STDERR || header.readUIntBE(1, 3) !== 0)
        throw new Error('the stream is not made of frames');
    }
  }
  if (left > 0 || headerBytes > 0) throw new Error('the stream ended inside a frame');
}
