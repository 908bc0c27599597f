import { z } from 'zod';
import type { Call, Reply } from '../route.ts';

export const Health = z.object({ ok: z.literal(true) });

export function health(_call: Call<'public'>): Reply<z.infer<typeof Health>> {
  return { json: { ok: true } };
}
