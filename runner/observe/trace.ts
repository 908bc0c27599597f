import { AsyncLocalStorage } from 'node:async_hooks';

/** The piece of work something is done for. */
interface Piece {
  readonly id: string;
  /** The work this one came from and outlives. */
  readonly by?: string;
}

/** One id from a request to the last engine call made for it. */
export interface Trace {
  /** Runs work, and all it sets going, under this id. */
  run<T>(id: string, work: () => T): T;
  /** Runs work that goes on by itself under an id of its own, which names the one it came from. */
  apart<T>(work: () => T): T;
  /** The same function, under the id of now whoever calls it: an event's listener runs in its emitter's context. */
  bind<Words extends unknown[]>(work: (...words: Words) => void): (...words: Words) => void;
  id(): string | undefined;
  /** What every log line of the work under way carries. */
  fields(): Partial<Piece>;
}

export function createTrace(newId: () => string): Trace {
  const pieces = new AsyncLocalStorage<Piece>();
  const now = () => pieces.getStore();
  return {
    run: (id, work) => pieces.run({ id }, work),
    apart(work) {
      const by = now()?.id;
      return pieces.run({ id: newId(), ...(by === undefined ? {} : { by }) }, work);
    },
    bind: (work) => AsyncLocalStorage.bind(work),
    id: () => now()?.id,
    fields: () => ({ ...now() }),
  };
}
