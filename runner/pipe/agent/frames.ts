/** Largest frame either side accepts, in bytes. A snapshot of a whole workspace must fit. */
export const MAX_FRAME = 32 * 1024 * 1024;

/** One message: a 4-byte big-endian length, then that many bytes of JSON in UTF-8. */
export function encodeFrame(message: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(message), 'utf8');
  const frame = Buffer.allocUnsafe(4 + body.length);
  frame.writeUInt32BE(body.length);
  body.copy(frame, 4);
  return frame;
}

/** Turns chunks of any cut into messages. Throws RangeError on an oversized frame, SyntaxError on bad JSON. */
export function frameDecoder(limit = MAX_FRAME): (chunk: Uint8Array) => unknown[] {
  let pending: Uint8Array[] = [];
  let held = 0;
  return (chunk) => {
    pending.push(chunk);
    held += chunk.length;
    const messages: unknown[] = [];
    while (held >= 4) {
      // A frame's length may itself be cut over chunks, so join before reading it; large bodies join once.
      const length = firstBytes(pending, 4).readUInt32BE();
      if (length > limit) throw new RangeError(`a frame of ${length} bytes is over the limit of ${limit}`);
      if (held < 4 + length) break;
      const joined = Buffer.concat(pending);
      messages.push(JSON.parse(joined.subarray(4, 4 + length).toString('utf8')));
      const rest = joined.subarray(4 + length);
      pending = rest.length > 0 ? [rest] : [];
      held = rest.length;
    }
    return messages;
  };
}

function firstBytes(chunks: readonly Uint8Array[], count: number): Buffer {
  const first = chunks[0];
  if (first && first.length >= count) return Buffer.from(first.buffer, first.byteOffset, count);
  return Buffer.concat(chunks).subarray(0, count);
}
