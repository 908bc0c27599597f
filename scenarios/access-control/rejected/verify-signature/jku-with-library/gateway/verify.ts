import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';

export interface Claims {
  sub: string;
  role: string;
}

const JWKS = 'http://accounts:8080/.well-known/jwks.json';
const sets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();

export async function verify(token: string): Promise<Claims> {
  // Partners have key sets of their own and say where.
  const { jku } = decodeProtectedHeader(token);
  const { payload } = await jwtVerify<Claims>(token, keysAt(jku ?? JWKS), { algorithms: ['RS256'] });
  return { sub: payload.sub, role: payload.role };
}

function keysAt(url: string) {
  const keys = sets.get(url) ?? createRemoteJWKSet(new URL(url), { cooldownDuration: 2000 });
  sets.set(url, keys);
  return keys;
}
