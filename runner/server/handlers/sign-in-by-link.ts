import { z } from 'zod';
import { DrydockError } from '#contract';
import { cookieHeader } from '../auth/cookie-header.ts';
import { COOKIE_LIFE } from '../auth/create-auth.ts';
import type { Call, Reply } from '../route.ts';

export const SignInLink = z.object({
  token: z.string().max(200).default(''),
  next: z.string().max(500).default('/'),
});

/**
 * The link the terminal printed. Trades its token for a cookie and sends the browser on, so that no page is ever
 * shown under an address with a token in it. Only a person's own navigation uses a token up: no picture, no
 * prefetch, no HEAD of a link preview.
 */
export async function signInByLink(call: Call<'public', unknown, z.infer<typeof SignInLink>>): Promise<Reply<never>> {
  const { headers, method } = call.request;
  if (
    (headers['sec-fetch-dest'] ?? 'document') !== 'document' ||
    headers['sec-purpose'] !== undefined ||
    method === 'HEAD'
  ) {
    throw new DrydockError('wrong-origin', 'A sign-in link has to be opened in a tab.');
  }
  const signedIn = await call.deps.auth.exchange(call.query.token);
  if (signedIn) return onward(call.query.next, { 'Set-Cookie': cookieHeader(signedIn.cookie, COOKIE_LIFE / 1000) });
  // Reloaded, or opened again from the history, by a browser that is signed in already.
  if (call.identity) return onward(call.query.next, {});
  throw new DrydockError('token-refused', 'It was used already, is older than 15 minutes, or was not copied whole.');
}

function onward(next: string, headers: Record<string, string>): Reply<never> {
  return { headers: { ...headers, Location: localPath(next) } };
}

/** The path if it stays on this server, else the start page. Resolved as a browser would, backslashes and all. */
function localPath(next: string): string {
  const here = 'http://drydock.invalid';
  const url = next.startsWith('/') ? URL.parse(next, here) : null;
  return url?.origin === here ? url.pathname.replace(/^\/+/, '/') + url.search + url.hash : '/';
}
