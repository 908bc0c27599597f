import type { z } from 'zod';
import type { FileList } from '#contract';
import type { Call, Reply } from '../route.ts';

export async function listFiles({
  deps,
  user,
  session,
}: Call<'own-session'>): Promise<Reply<z.infer<typeof FileList>>> {
  return { json: { files: await deps.sessions.files(user, session) } };
}
