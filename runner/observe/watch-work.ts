import type { Watch } from '../core/ports/watch.ts';
import type { Observer } from './observer.ts';
import { type Outcome, outcomeNamed, outcomeOf } from './outcome.ts';

/** Times the work of sessions, and gives what goes on by itself an id of its own. */
export function watchWork({ trace, log, metrics, clock }: Observer): Watch {
  return {
    apart: trace.apart,
    async timed(work, run, problem) {
      const start = clock();
      let outcome: Outcome = 'internal';
      try {
        const made = await run();
        outcome = outcomeNamed(problem?.(made));
        return made;
      } catch (error) {
        outcome = outcomeOf(error);
        throw error;
      } finally {
        const milliseconds = clock() - start;
        metrics.worked({ work, outcome, seconds: milliseconds / 1000 });
        log.info({ work, outcome, milliseconds: Math.round(milliseconds) }, 'work ended');
      }
    },
  };
}
