import type { Watch } from '../core/ports/watch.ts';

/** For sessions that nobody watches. */
export const UNWATCHED: Watch = { apart: (work) => work(), timed: (_work, run) => run() };
