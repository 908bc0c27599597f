import { LABEL } from '../../core/labels/labels.ts';
import type { Role } from '../../core/policy/roles.ts';
import type { Inventory } from '../../core/ports/engine.ts';

const PASSING: readonly Role[] = ['checker', 'filer', 'cleaner'];

/** Containers that are there for one piece of work; without it under way they are what is left of one cut short. */
export function passing({ containers }: Inventory): Inventory['containers'] {
  return containers.filter(({ labels }) => PASSING.some((role) => role === labels[LABEL.role]));
}
