import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { DrydockError } from '#contract';
import type { DockerAddress } from '../../engine/connect.ts';

const Started = z.union([z.object({ url: z.string(), link: z.string() }), z.object({ failure: z.string() })]);

export interface BenchServer {
  readonly url: string;
  /** Signs in, once. */
  readonly link: string;
  /** Resolves when its labs are removed and the process is gone. */
  close(): Promise<void>;
}

/** Starts the real server on a free loopback port. Throws DrydockError `environment` when it does not come up. */
export async function startBenchServer(home: string, address: DockerAddress): Promise<BenchServer> {
  const options = { home, address, logFile: join(home, 'server.log') };
  const child = fork(join(import.meta.dirname, 'serve-bench.ts'), [JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const started = Started.safeParse(await firstMessage(child));
  if (started.success && 'url' in started.data) {
    return {
      ...started.data,
      async close() {
        if (child.connected) child.disconnect();
        await exited;
      },
    };
  }
  const why = started.success && 'failure' in started.data ? started.data.failure : 'it ended at once';
  throw new DrydockError('environment', `The server to measure did not start: ${why}`);
}

function firstMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => {
    child.once('message', resolve);
    child.once('exit', () => resolve(null));
  });
}
