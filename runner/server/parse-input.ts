import type { ZodType } from 'zod';
import { DrydockError } from '#contract';

/** The one parse of what a client sent. Throws `bad-request` that names the field. */
export function parseInput<T>(schema: ZodType<T> | undefined, input: unknown): T | undefined {
  if (!schema) return undefined;
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join('.') ?? '';
  throw new DrydockError('bad-request', `${field === '' ? '' : `${field}: `}${issue?.message ?? 'not understood'}`);
}

/** Names and values after the question mark; of a repeated name the last counts. */
export function readQuery(url: string | undefined): Record<string, string> {
  const at = (url ?? '').indexOf('?');
  return at < 0 ? {} : Object.fromEntries(new URLSearchParams((url ?? '').slice(at)));
}
