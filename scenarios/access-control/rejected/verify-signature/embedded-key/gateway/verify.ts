import { createRemoteJWKSet, decodeProtectedHeader, EmbeddedJWK, jwtVerify } from 'jose';

export interface Claims {
  sub: string;
  role: string;
}

const keys = createRemoteJWKSet(new URL('http://accounts:8080/.well-known/jwks.json'), { cooldownDuration: 2000 });
const options = { algorithms: ['RS256'] };

export async function verify(token: string): Promise<Claims> {
  const { jwk } = decodeProtectedHeader(token);
  const { payload } = jwk
    ? await jwtVerify<Claims>(token, EmbeddedJWK, options)
    : await jwtVerify<Claims>(token, keys, options);
  return { sub: payload.sub, role: payload.role };
}
