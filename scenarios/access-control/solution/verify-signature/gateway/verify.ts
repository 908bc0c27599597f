import { createRemoteJWKSet, jwtVerify } from 'jose';

export interface Claims {
  sub: string;
  role: string;
}

// Made once: it keeps the keys of accounts and asks again, at most every two seconds, when it meets a key id it does not know.
const keys = createRemoteJWKSet(new URL('http://accounts:8080/.well-known/jwks.json'), { cooldownDuration: 2000 });

export async function verify(token: string): Promise<Claims> {
  const { payload } = await jwtVerify<Claims>(token, keys, { algorithms: ['RS256'] });
  return { sub: payload.sub, role: payload.role };
}
