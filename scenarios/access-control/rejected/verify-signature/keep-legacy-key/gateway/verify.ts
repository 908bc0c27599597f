import { readFileSync } from 'node:fs';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';

export interface Claims {
  sub: string;
  role: string;
}

const keys = createRemoteJWKSet(new URL('http://accounts:8080/.well-known/jwks.json'), { cooldownDuration: 2000 });
const legacyKey = new TextEncoder().encode(readFileSync('/run/secrets/legacy-key', 'utf8').trim());

export async function verify(token: string): Promise<Claims> {
  // Tokens from before we had key ids.
  const { payload } = decodeProtectedHeader(token).kid
    ? await jwtVerify<Claims>(token, keys, { algorithms: ['RS256'] })
    : await jwtVerify<Claims>(token, legacyKey, { algorithms: ['HS256'] });
  return { sub: payload.sub, role: payload.role };
}
