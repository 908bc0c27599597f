import { z } from 'zod';
import type { Call, Reply } from '../route.ts';

export const Ready = z.object({
  ok: z.boolean().describe('True when every part is.'),
  parts: z.array(
    z.object({ name: z.string(), ok: z.boolean(), message: z.string().describe('What is wrong, and what to do.') }),
  ),
});

/** Unlike `/healthz` it says whether there is use in sending somebody here. */
export async function ready({ deps }: Call<'public'>): Promise<Reply<z.infer<typeof Ready>>> {
  const parts = [...(await deps.ready())];
  const ok = parts.every((part) => part.ok);
  return { status: ok ? 200 : 503, json: { ok, parts } };
}
