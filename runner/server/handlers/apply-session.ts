import type { ApplyResult } from '#contract';
import type { Call, Reply } from '../route.ts';

export async function applySession({ deps, user, session }: Call<'own-session'>): Promise<Reply<ApplyResult>> {
  return { json: await deps.sessions.apply(user, session) };
}
