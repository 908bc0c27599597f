import { tailBuffer } from '../tail-buffer.ts';
import { DEADLINE } from './call.ts';
import type { Client } from './client.ts';
import { dial } from './dial.ts';
import { demultiplex } from './frames.ts';

const LONGEST = 64 * 1024;

/** The last `tail` lines of both streams, at most 64 KiB of them: what a container prints is a learner's to choose. */
export async function logs(client: Client, id: string, tail: number): Promise<string> {
  return client.call(
    `read the log of the container ${id}`,
    { deadline: DEADLINE.ask, idempotent: true },
    async (signal) => {
      const path = `/containers/${id}/logs?stdout=1&stderr=1&tail=${tail}&`;
      const stream = await dial<AsyncIterable<Buffer>>(client.docker, { method: 'GET', path, stream: true, signal });
      const last = tailBuffer(LONGEST);
      for await (const { bytes } of demultiplex(stream)) last.push(bytes);
      return last.text();
    },
  );
}
