import type { z } from 'zod';
import type { HintRequest, HintResult } from '#contract';
import type { Call, Reply } from '../route.ts';

type Body = z.infer<typeof HintRequest>;

export async function showHint({ deps, user, session, body }: Call<'own-session', Body>): Promise<Reply<HintResult>> {
  return { json: await deps.sessions.hint(user, session, body.task) };
}
