import { DrydockError } from '#contract';
import { KEEPER_HEADER } from './keeper-frames.ts';

export type KeeperEvent =
  | { readonly type: 'attached'; readonly seq: number; readonly skipped: number }
  | { readonly type: 'output'; readonly bytes: Buffer }
  | { readonly type: 'exit'; readonly code: number };

const PAYLOAD: Readonly<Record<string, number>> = { a: 16, x: 4 };

/**
 * Turns what a keeper sends, cut anywhere, into events. Output is passed on as views of the chunks it came in,
 * before its frame is complete, so that nothing is copied or held back. The keeper runs among hostile programs:
 * whatever is not exactly the protocol throws `workbench-lost`.
 */
export function keeperReader(): (chunk: Buffer) => KeeperEvent[] {
  const small = Buffer.allocUnsafe(KEEPER_HEADER + 16);
  let held = 0;
  let outputLeft = 0;
  let greeted = false;

  function finish(): KeeperEvent | null {
    const type = String.fromCharCode(small[0] ?? 0);
    const length = small.readUInt32BE(1);
    if (type !== 'a' && !greeted) throw broken('it did not greet');
    if (type === 'o') {
      held = 0;
      outputLeft = length;
      return null;
    }
    if (length !== PAYLOAD[type]) throw broken('a frame of an unknown kind');
    if (held < KEEPER_HEADER + length) return null;
    held = 0;
    if (type === 'x') return { type: 'exit', code: small.readInt32BE(KEEPER_HEADER) };
    if (greeted) throw broken('it greeted twice');
    greeted = true;
    return { type: 'attached', seq: readCount(small, KEEPER_HEADER), skipped: readCount(small, KEEPER_HEADER + 8) };
  }

  return (chunk) => {
    const events: KeeperEvent[] = [];
    let offset = 0;
    while (offset < chunk.length) {
      if (outputLeft > 0) {
        const bytes = chunk.subarray(offset, offset + outputLeft);
        offset += bytes.length;
        outputLeft -= bytes.length;
        events.push({ type: 'output', bytes });
        continue;
      }
      const wanted = held < KEEPER_HEADER ? KEEPER_HEADER : KEEPER_HEADER + small.readUInt32BE(1);
      const taken = chunk.copy(small, held, offset, offset + wanted - held);
      held += taken;
      offset += taken;
      if (held < KEEPER_HEADER) continue;
      const event = finish();
      if (event) events.push(event);
    }
    return events;
  };
}

function readCount(bytes: Buffer, offset: number): number {
  const value = bytes.readBigUInt64BE(offset);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw broken('a count out of range');
  return Number(value);
}

function broken(what: string): DrydockError {
  return new DrydockError('workbench-lost', `The terminal's keeper does not speak its protocol: ${what}.`);
}
