import { clearedCookieHeader } from '../auth/cookie-header.ts';
import type { Call, Reply } from '../route.ts';

/** Ends this sign-in and closes every socket opened under it. A bearer token is not a sign-in and stays. */
export async function signOut({ deps, identity }: Call<'signed-in'>): Promise<Reply<never>> {
  if (identity.by === 'cookie') await deps.auth.revoke(identity);
  return { headers: { 'Set-Cookie': clearedCookieHeader() } };
}
