import type { Session } from '#contract';
import type { Call, Reply } from '../route.ts';

export function getSession({ deps, user, session }: Call<'own-session'>): Reply<Session> {
  return { json: deps.sessions.get(user, session) };
}
