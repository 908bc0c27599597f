import { semaphore } from '../core/flow/semaphore.ts';

/** Lets labs start in the order they were asked for, a few at a time. */
export function startQueue(atOnce: number) {
  const run = semaphore(atOnce);
  const waiting: object[] = [];
  let starting = 0;

  return {
    /** `ahead` tells how many are to be started before this one; 0 once it is its turn. */
    enter<T>(start: () => Promise<T>): { readonly ahead: () => number; readonly started: Promise<T> } {
      const ticket = {};
      waiting.push(ticket);
      const started = run(() => {
        waiting.splice(waiting.indexOf(ticket), 1);
        starting++;
        return start().finally(() => starting--);
      });
      return { ahead: () => (waiting.includes(ticket) ? waiting.indexOf(ticket) + starting : 0), started };
    },
  };
}
