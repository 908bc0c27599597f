import type { PutFile } from './agent/protocol.ts';

/** About as many bytes go in one request; a file is never split. */
const BATCH_BYTES = 1_048_576;

/** Files as the agent takes them, a part of them at a time: no message is so large that everybody waits for it. */
export function* putBatches(files: ReadonlyMap<string, Uint8Array | null>): Generator<PutFile[]> {
  let batch: PutFile[] = [];
  let held = 0;
  for (const [path, bytes] of files) {
    batch.push({ path, content: bytes === null ? null : Buffer.from(bytes).toString('base64') });
    held += bytes?.length ?? 0;
    if (held < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    held = 0;
  }
  if (batch.length > 0) yield batch;
}
