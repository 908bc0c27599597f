import { DrydockError, ERRORS, type ErrorName } from '#contract';

/** How something ended: well, or with a problem of the catalogue; so there are never more than it has names. */
export type Outcome = 'ok' | ErrorName;

/** Of work that tells its problem by name. */
export function outcomeNamed(problem: string | undefined): Outcome {
  if (problem === undefined) return 'ok';
  return Object.hasOwn(ERRORS, problem) ? (problem as ErrorName) : 'internal';
}

export function outcomeOf(error: unknown): ErrorName {
  return error instanceof DrydockError ? error.name : 'internal';
}
