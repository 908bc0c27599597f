import { z } from 'zod';
import { Session } from '#contract';
import type { Call, Reply } from '../route.ts';

export const SessionList = z.object({ sessions: z.array(Session) });

export function listSessions({ deps, user }: Call<'signed-in'>): Reply<z.infer<typeof SessionList>> {
  return { json: { sessions: [...deps.sessions.list(user)] } };
}
