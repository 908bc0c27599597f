import { type Examine, ok } from '../check.ts';

/** ./drydock sees to a right Node before this runs; the line tells which it found. */
export const node: Examine = () => [ok('node', `Node ${process.versions.node} at ${process.execPath}`)];
