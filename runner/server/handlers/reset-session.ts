import type { ResetRequest, ResetResult } from '#contract';
import type { Call, Reply } from '../route.ts';

export async function resetSession({
  deps,
  user,
  session,
  body,
}: Call<'own-session', ResetRequest>): Promise<Reply<ResetResult>> {
  return { json: await deps.sessions.reset(user, session, body) };
}
