import type { z } from 'zod';
import type { LabList } from '#contract';
import type { Call, Reply } from '../route.ts';

export function listLabs({ deps }: Call<'signed-in'>): Reply<z.input<typeof LabList>> {
  return { json: { labs: [...deps.sessions.labs()] } };
}
