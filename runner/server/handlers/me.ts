import type { z } from 'zod';
import type { Me } from '#contract';
import type { Call, Reply } from '../route.ts';

export function me({ user }: Call<'signed-in'>): Reply<z.infer<typeof Me>> {
  return { json: { user } };
}
