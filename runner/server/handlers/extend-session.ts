import type { Session } from '#contract';
import type { Call, Reply } from '../route.ts';

export async function extendSession({ deps, user, session }: Call<'own-session'>): Promise<Reply<Session>> {
  return { json: await deps.sessions.extend(user, session) };
}
