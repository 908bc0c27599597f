import type { z } from 'zod';
import type { CheckRequest, CheckResult } from '#contract';
import type { Call, Reply } from '../route.ts';

type Body = z.infer<typeof CheckRequest>;

export async function checkSession({
  deps,
  user,
  session,
  body,
}: Call<'own-session', Body>): Promise<Reply<CheckResult>> {
  return { json: await deps.sessions.check(user, session, body.task) };
}
