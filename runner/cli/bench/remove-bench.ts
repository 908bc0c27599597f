import { APP, LABEL } from '../../core/labels/labels.ts';
import type { Engine } from '../../core/ports/engine.ts';
import { readOwner } from '../down/read-owner.ts';
import { removeOwned } from '../down/remove-course.ts';

/** Removes all that a bench of this folder made, on either side. */
export async function removeBench(engine: Engine, home: string): Promise<void> {
  const owner = await readOwner(home);
  if (owner) await removeOwned(engine, { [LABEL.app]: APP, [LABEL.owner]: owner });
}
