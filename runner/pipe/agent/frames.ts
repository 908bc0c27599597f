/** Largest frame either side accepts, in bytes. A snapshot of a whole workspace must fit. */
export const MAX_FRAME = 32 * 1024 * 1024;

const HEADER = 4;

/** One message: a 4-byte big-endian length, then that many bytes of JSON in UTF-8. */
export function encodeFrame(message: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(message), 'utf8');
  const frame = Buffer.allocUnsafe(HEADER + body.length);
  frame.writeUInt32BE(body.length);
  body.copy(frame, HEADER);
  return frame;
}

/**
 * Turns chunks of any cut into messages. Throws RangeError on a frame of more bytes or values than the limits,
 * SyntaxError on bad JSON.
 */
export function frameDecoder(limit = MAX_FRAME, values = Number.POSITIVE_INFINITY): (chunk: Uint8Array) => unknown[] {
  let buffer = Buffer.alloc(0);
  let held = 0;
  return (chunk) => {
    // One buffer that doubles: whoever sends byte by byte costs us no more than whoever sends at once.
    if (held + chunk.length > buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * buffer.length, held + chunk.length));
      buffer.copy(larger, 0, 0, held);
      buffer = larger;
    }
    buffer.set(chunk, held);
    held += chunk.length;
    const messages: unknown[] = [];
    let at = 0;
    while (held - at >= HEADER) {
      const length = buffer.readUInt32BE(at);
      if (length > limit) throw new RangeError(`a frame of ${length} bytes is over the limit of ${limit}`);
      const end = at + HEADER + length;
      if (end > held) break;
      if (length > 2 * values && countValues(buffer.subarray(at + HEADER, end)) > values)
        throw new RangeError(`a frame has more than ${values} values`);
      messages.push(JSON.parse(buffer.toString('utf8', at + HEADER, end)));
      at = end;
    }
    if (at > 0) buffer.copyWithin(0, at, held);
    held -= at;
    if (held === 0) buffer = Buffer.alloc(0);
    return messages;
  };
}

/** About how many values JSON has, without making them: a million empty lists take a tenth of a second to make. */
function countValues(json: Uint8Array): number {
  let count = 0;
  for (const byte of json) if (byte === OPEN_LIST || byte === OPEN_OBJECT || byte === COMMA) count++;
  return count;
}

const [OPEN_LIST, OPEN_OBJECT, COMMA] = Buffer.from('[{,');
