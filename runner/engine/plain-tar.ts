import { DrydockError } from '#contract';

const MAGIC_OFFSET = 257;

/**
 * Throws DrydockError `engine-refused` unless this is an uncompressed POSIX tar. A compressed one would make the
 * engine run a decompressor it looks up itself, with the engine's rights.
 */
export function requirePlainTar(tar: Uint8Array): void {
  const magic = Buffer.from(tar.subarray(MAGIC_OFFSET, MAGIC_OFFSET + 5)).toString('latin1');
  const empty = tar.length >= 1024 && tar.subarray(0, 1024).every((byte) => byte === 0);
  if (magic === 'ustar' || empty) return;
  throw new DrydockError('engine-refused', 'Files are only ever put into a container as a plain tar; this is none.');
}
