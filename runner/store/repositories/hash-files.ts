import { hash } from 'node:crypto';
import { setImmediate as letOthersRun } from 'node:timers/promises';

const PAUSE_AFTER_BYTES = 4 * 1024 ** 2;

/** Path → SHA-256 of the content, hexadecimal. */
export async function hashFiles(files: ReadonlyMap<string, Uint8Array>): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  let bytes = 0;
  for (const [path, content] of files) {
    hashes.set(path, hash('sha256', content));
    bytes += content.length;
    if (bytes < PAUSE_AFTER_BYTES) continue;
    bytes = 0;
    await letOthersRun();
  }
  return hashes;
}
