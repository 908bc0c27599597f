import type { z } from 'zod';
import type { FlagRequest, FlagResult } from '#contract';
import type { Call, Reply } from '../route.ts';

type Body = z.infer<typeof FlagRequest>;

export async function submitFlag({ deps, user, session, body }: Call<'own-session', Body>): Promise<Reply<FlagResult>> {
  return { json: await deps.sessions.flag(user, session, body.task, body.flag) };
}
