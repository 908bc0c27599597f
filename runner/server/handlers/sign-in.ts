import type { z } from 'zod';
import { DrydockError, type Me, type SignIn } from '#contract';
import { cookieHeader } from '../auth/cookie-header.ts';
import { COOKIE_LIFE } from '../auth/create-auth.ts';
import type { Call, Reply } from '../route.ts';

export async function signIn(call: Call<'public', z.infer<typeof SignIn>>): Promise<Reply<z.infer<typeof Me>>> {
  const signedIn = await call.deps.auth.exchange(call.body.token);
  if (!signedIn)
    throw new DrydockError('token-refused', 'It was used already, is older than 15 minutes, or is mistyped.');
  const headers = { 'Set-Cookie': cookieHeader(signedIn.cookie, COOKIE_LIFE / 1000) };
  return { headers, json: { user: signedIn.user } };
}
