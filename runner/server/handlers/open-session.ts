import type { z } from 'zod';
import type { OpenSession, Session } from '#contract';
import type { Call, Reply } from '../route.ts';

export async function openSession({
  deps,
  user,
  body,
}: Call<'signed-in', z.infer<typeof OpenSession>>): Promise<Reply<Session>> {
  return { json: await deps.sessions.open(user, body.lab) };
}
