import type { z } from 'zod';
import type { TerminalQuery } from '#contract';
import { attachTerminal } from '../../terminal/attach-terminal.ts';
import type { TerminalSocket } from '../../terminal/terminal-socket.ts';
import type { Call } from '../route.ts';

type Query = z.infer<typeof TerminalQuery>;

export async function terminal(call: Call<'own-session', unknown, Query>, socket: TerminalSocket): Promise<void> {
  const { deps, user, session, query } = call;
  const place = await deps.sessions.terminal(user, session, query.target);
  await attachTerminal(place, query, socket, deps.outputShare);
}
