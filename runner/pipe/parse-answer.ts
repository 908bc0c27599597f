import { z } from 'zod';
import { FileContent, FileEntry, WorkspacePath } from '#contract';
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
  z.object({ type: z.literal('lab'), call, argv: z.array(text).max(20) }),
  z.object({ type: z.literal('lab-gone'), call }),
]);

const Snapshot = z
  .array(z.object({ path: WorkspacePath, content: z.base64().max(LIMITS.fileBytes * 2) }))
  .max(LIMITS.files);

/** An agent runs where the learner can replace it: every answer is parsed like a stranger's. Throws ZodError. */
export const parseAnswer = {
  message: (value: unknown) => Incoming.parse(value) as AgentMessage,
  list: (value: unknown) => z.array(FileEntry).max(LIMITS.files).parse(value),
  file: (value: unknown) => FileContent.parse(value),
  snapshot: (value: unknown): ReadonlyMap<string, Buffer> =>
    new Map(Snapshot.parse(value).map(({ path, content }) => [path, Buffer.from(content, 'base64')])),
};
