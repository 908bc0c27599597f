import { z } from 'zod';
import { Name } from './names.ts';

/** What a probe found. An attack counts as closed only if its control reached the target in the same run. */
export const Finding = z.enum(['open', 'closed', 'unreached']);
export type Finding = z.infer<typeof Finding>;

export const Message = z.object({
  id: z.string().describe('Permanent id of the sentence, so that it can be translated.'),
  params: z.record(z.string(), z.string()).default({}),
  text: z.string().describe('The sentence in the language asked for.'),
});
export type Message = z.infer<typeof Message>;

/** One exchange the checker saw. `text` is what a person reads; it may hold bytes a learner chose, never markup. */
export const Evidence = z.object({
  kind: z.enum(['transcript', 'log', 'fact']),
  title: z.string().max(200),
  text: z.string().max(16_384),
});
export type Evidence = z.infer<typeof Evidence>;

export const ProbeResult = z.object({
  probe: Name,
  task: Name,
  kind: z.enum(['attack', 'benign']),
  finding: Finding,
  message: Message,
  evidence: z.array(Evidence).max(20),
  replay: z.string().max(4096).describe('One shell line for the workbench that shows the same thing.'),
});
export type ProbeResult = z.infer<typeof ProbeResult>;

export const Verdict = z.object({
  task: Name,
  verdict: z.enum(['passed', 'not-yet', 'broken']),
  message: Message,
  evidence: z.array(Evidence),
  replay: z.string(),
  probes: z.array(z.object({ probe: Name, kind: z.enum(['attack', 'benign']), finding: Finding })),
});
export type Verdict = z.infer<typeof Verdict>;
