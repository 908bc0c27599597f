import { DrydockError, type ErrorName } from '#contract';

/** How something ended: well, or with a problem of the catalogue; so there are never more than it has names. */
export type Outcome = 'ok' | ErrorName;

export function outcomeOf(error: unknown): ErrorName {
  return error instanceof DrydockError ? error.name : 'internal';
}
