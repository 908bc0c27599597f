import type { CliContext } from '../context.ts';
import { plainProgress } from './plain-progress.ts';
import type { Steps } from './steps.ts';
import { terminalProgress } from './terminal-progress.ts';
import { readTimings, saveTimings } from './timings.ts';

/** Runs long work under a display that suits where its lines go, and remembers how long each step took. */
export async function showProgress<T>(context: CliContext, run: (steps: Steps) => Promise<T>): Promise<T> {
  const last = await readTimings(context.home);
  const { steps, stop } = (context.terminal ? terminalProgress : plainProgress)(context, last);
  try {
    return await run(steps);
  } finally {
    stop();
    // How long it took is a comfort, not worth failing for; and a machine that was refused gets no folder of ours.
    const long = Object.entries(steps.took()).filter(([, milliseconds]) => milliseconds >= 1000);
    await saveTimings(context.home, Object.fromEntries(long)).catch(() => {});
  }
}
