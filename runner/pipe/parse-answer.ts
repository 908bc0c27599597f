import { z } from 'zod';
import { DrydockError, FileContent, FileEntry, WorkspacePath } from '#contract';
import { type AgentMessage, LIMITS } from './agent/protocol.ts';

const call = z.int().min(1);
const text = z.string().max(4096);

const Incoming = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), root: text }),
  z.object({ type: z.literal('answer'), id: z.int(), value: z.unknown() }),
  z.object({
    type: z.literal('refusal'),
    id: z.int(),
    refusal: z.enum(['missing', 'changed', 'not-text', 'not-a-file', 'too-large', 'outside', 'failed']),
    message: text,
  }),
  z.object({ type: z.literal('changed') }),
  z.object({ type: z.literal('lab'), call, argv: z.array(z.string().max(LIMITS.wordLength)).max(LIMITS.words) }),
  z.object({ type: z.literal('lab-gone'), call }),
]);

const Snapshot = z
  .array(z.object({ path: WorkspacePath, content: z.base64().max(LIMITS.fileBytes * 2) }))
  .max(LIMITS.files);

const List = z.array(FileEntry).max(LIMITS.files);

/** An agent runs where the learner can replace it: every answer is parsed like a stranger's. Throws `workbench-lost`. */
export const parseAnswer = {
  message: (value: unknown) => parse(Incoming, value) as AgentMessage,
  list: (value: unknown) => parse(List, value),
  file: (value: unknown) => parse(FileContent, value),
  snapshot: (value: unknown): ReadonlyMap<string, Buffer> =>
    new Map(parse(Snapshot, value).map(({ path, content }) => [path, Buffer.from(content, 'base64')])),
};

function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DrydockError('workbench-lost', 'The workbench answered with something that is no answer.', {
    cause: parsed.error,
  });
}
