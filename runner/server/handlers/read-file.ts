import type { z } from 'zod';
import type { FileContent, FileQuery } from '#contract';
import type { Call, Reply } from '../route.ts';

type Query = z.infer<typeof FileQuery>;

export async function readFile({
  deps,
  user,
  session,
  query,
}: Call<'own-session', unknown, Query>): Promise<Reply<FileContent>> {
  return { json: await deps.sessions.readFile(user, session, query.path) };
}
