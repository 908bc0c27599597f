import type { PublicLab } from '#contract';

/** The lab as the page carries it: the public projection with its texts rendered. */
export type Lab = PublicLab & { readonly html: Readonly<Record<string, string>> };
export type LabTask = Lab['tasks'][number];
