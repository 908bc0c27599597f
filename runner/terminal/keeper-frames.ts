/** Bytes before every payload: a type and a big-endian length. */
export const KEEPER_HEADER = 5;

const OLDEST = 0xffff_ffff_ffff_ffffn;

/** The first frame: from which output byte on (undefined: the oldest kept), and the size of the screen. */
export function helloFrame(from: number | undefined, cols: number, rows: number): Buffer {
  const frame = emptyFrame('h', 12);
  frame.writeBigUInt64BE(from === undefined ? OLDEST : BigInt(from), KEEPER_HEADER);
  frame.writeUInt16BE(cols, KEEPER_HEADER + 8);
  frame.writeUInt16BE(rows, KEEPER_HEADER + 10);
  return frame;
}

/** Keystrokes, at most 64 KiB. */
export function inputFrame(bytes: Uint8Array): Buffer {
  const frame = emptyFrame('i', bytes.length);
  frame.set(bytes, KEEPER_HEADER);
  return frame;
}

export function resizeFrame(cols: number, rows: number): Buffer {
  const frame = emptyFrame('r', 4);
  frame.writeUInt16BE(cols, KEEPER_HEADER);
  frame.writeUInt16BE(rows, KEEPER_HEADER + 2);
  return frame;
}

/** So many more bytes of output may come, at most 2³² − 1. */
export function creditFrame(bytes: number): Buffer {
  const frame = emptyFrame('c', 4);
  frame.writeUInt32BE(bytes, KEEPER_HEADER);
  return frame;
}

/** Ends the shell and all of its terminal's session. */
export const endFrame = (): Buffer => emptyFrame('k', 0);

function emptyFrame(type: string, length: number): Buffer {
  const frame = Buffer.allocUnsafe(KEEPER_HEADER + length);
  frame.write(type, 0, 'latin1');
  frame.writeUInt32BE(length, 1);
  return frame;
}
