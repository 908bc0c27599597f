// #probe: what a lab's probes are written with. Importing it does nothing; the runner imports the same probe files
// only to read ids, kinds and positions.

export type { ProbeContext } from './context.ts';
export type { Attack, Benign, Outcome, Probe } from './define.ts';
export { attack, benign, closed, fails, open, works } from './define.ts';
export type { Answer, RequestOptions } from './http.ts';
export { jwt } from './jwt.ts';
