import type { z } from 'zod';
import type { FileContent, WriteFile } from '#contract';
import type { Call, Reply } from '../route.ts';

type Body = z.infer<typeof WriteFile>;

export async function writeFile({ deps, user, session, body }: Call<'own-session', Body>): Promise<Reply<FileContent>> {
  return { json: await deps.sessions.writeFile(user, session, body) };
}
