import { setTimeout as pause } from 'node:timers/promises';
import type { CliContext } from '../context.ts';
import { type ProcessMark, stillRuns } from '../machine/process-mark.ts';
import { forgetServer, runningServer } from '../serving/server-file.ts';

/** How long a server may take to end its labs and close its books. */
const GRACE_MS = 30_000;

export async function stopServer(context: CliContext): Promise<void> {
  const server = await runningServer(context.home);
  if (server) {
    await endProcess(server, context.clock);
    context.say(`Stopped the server at ${server.url}.`);
  }
  await forgetServer(context.home);
}

/** SIGTERM, and SIGKILL to one that has not gone after the grace. */
export async function endProcess(mark: ProcessMark, clock: () => number): Promise<void> {
  for (const [signal, wait] of [
    ['SIGTERM', GRACE_MS],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!(await stillRuns(mark))) return;
    process.kill(mark.pid, signal);
    for (const until = clock() + wait; clock() < until; await pause(50)) if (!(await stillRuns(mark))) return;
  }
}
