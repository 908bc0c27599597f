import { DrydockError } from '#contract';
import { freeSpace, GIB, inGib } from './free-space.ts';

/** What building every image takes, and what a course already built needs to go on. */
export const SPACE_TO_BUILD = 4 * GIB;
export const SPACE_TO_RUN = 0.5 * GIB;

/** Throws DrydockError `environment` when a folder has less than `bytes` free. */
export async function requireSpace(folder: string, bytes: number, what: string): Promise<void> {
  const free = await freeSpace(folder);
  if (free >= bytes) return;
  throw new DrydockError(
    'environment',
    `${what} needs ${inGib(bytes)} of disk at ${folder}, and ${inGib(free)} are free.`,
    {
      hint: 'Free some space, then run npm start. Nothing has been made.',
    },
  );
}
