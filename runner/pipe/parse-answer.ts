import { z } from 'zod';
import { DrydockError, FileContent, FileEntry, WorkspacePath } from '#contract';
import { type AgentMessage, CLOSE_REASONS, LIMITS } from './agent/protocol.ts';

const call = z.int().min(1);
const stream = z.int().min(1);
const text = z.string().max(4096);
const cells = z.int().min(1).max(LIMITS.screen);
const size = { cols: cells, rows: cells };
/** Base64 of so many bytes at most; what else stands in it is passed over when it is decoded. */
const base64 = (bytes: number) => z.string().max(Math.ceil(bytes / 3) * 4);

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
  z.object({
    type: z.literal('part'),
    id: z.int(),
    path: WorkspacePath,
    content: z.base64().max(Math.ceil(LIMITS.fileBytes / 3) * 4),
  }),
  z.object({
    type: z.literal('lab'),
    call,
    argv: boundedArray(z.string().max(LIMITS.wordLength), LIMITS.words),
    size: z.object(size).nullable(),
  }),
  z.object({ type: z.literal('lab-gone'), call }),
  z.object({ type: z.literal('resize'), call, ...size }),
  z.object({ type: z.literal('opened'), stream }),
  z.object({ type: z.literal('data'), stream, bytes: base64(LIMITS.streamFrame) }),
  z.object({ type: z.literal('credit'), stream, bytes: z.int().min(1).max(LIMITS.streamWindow) }),
  z.object({ type: z.literal('end'), stream }),
  z.object({ type: z.literal('close'), stream, why: z.enum(CLOSE_REASONS) }),
]);

const List = boundedArray(FileEntry, LIMITS.files);
const Text = FileContent.extend({ content: base64(LIMITS.fileBytes) });

/** Too many elements are refused before the first of them is looked at: a million complaints take seconds. */
function boundedArray<S extends z.ZodType>(element: S, most: number) {
  return z
    .custom<unknown[]>((value) => Array.isArray(value) && value.length <= most, `an array of at most ${most}`)
    .pipe(z.array(element));
}

/** An agent runs where the learner can replace it: every answer is parsed like a stranger's. Throws `workbench-lost`. */
export const parseAnswer = {
  message: (value: unknown) => parse(Incoming, value) as AgentMessage,
  list: (value: unknown) => parse(List, value),
  file(value: unknown) {
    const { path, version, content } = parse(Text, value);
    return { path, version, content: Buffer.from(content, 'base64').toString('utf8') };
  },
};

function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DrydockError('workbench-lost', 'The workbench answered with something that is no answer.', {
    cause: parsed.error,
  });
}
