import { requirePlainTar } from '../plain-tar.ts';
import { refused } from '../refused.ts';
import { DEADLINE } from './call.ts';
import type { Client } from './client.ts';
import { inspectRaw } from './inspect-container.ts';

/** Only into a container that was never started: in a running one a learner could swap a folder for a link meanwhile. */
export async function putFiles(client: Client, id: string, path: string, tar: Uint8Array): Promise<void> {
  requirePlainTar(tar);
  const status = (await inspectRaw(client, id))?.State.Status;
  const asked = `put files into the container ${id} at ${path}`;
  if (status !== 'created')
    throw refused(asked, `that is for containers never started, and it is ${status ?? 'not there'}`);
  await client.call(asked, { deadline: DEADLINE.put }, (abortSignal) =>
    client.docker.getContainer(id).putArchive(asBuffer(tar), { path, abortSignal }),
  );
}

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
