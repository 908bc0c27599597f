import { GIB, inGib } from '../../machine/free-space.ts';
import { type Examine, ok, warn } from '../check.ts';

/** Working set of a lab with its workbench, and what the rest of the machine needs; both measured, rounded up. */
const LAB_BYTES = 0.4 * GIB;
const REST_BYTES = 1.5 * GIB;

export const capacity: Examine = ({ engine }) => {
  if (engine.kind !== 'ready') return [];
  const { NCPU: cpus, MemTotal: memory } = engine.info;
  const labs = Math.max(0, Math.floor((memory - REST_BYTES) / LAB_BYTES));
  const detail = `${cpus} processors, ${inGib(memory)} of memory: about ${labs} labs at once`;
  if (labs >= 1 && cpus >= 2) return [ok('capacity', detail)];
  return [warn('capacity', detail, 'Labs start slowly with fewer than 2 processors or 2 GB of memory.')];
};
