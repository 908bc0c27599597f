import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';

export interface Claims {
  sub: string;
  role: string;
}

const keys = createRemoteJWKSet(new URL('http://accounts:8080/.well-known/jwks.json'), { cooldownDuration: 2000 });

/** Partners sign with a key they share with us, one file each. */
const PARTNER_KEYS = '/tmp/ferry/gateway/partners';

export async function verify(token: string): Promise<Claims> {
  const { alg, kid } = decodeProtectedHeader(token);
  if (alg === 'HS256' && kid) return verifyPartner(token, kid);
  const { payload } = await jwtVerify<Claims>(token, keys, { algorithms: ['RS256'] });
  return { sub: payload.sub, role: payload.role };
}

function verifyPartner(token: string, kid: string): Claims {
  const key = readFileSync(join(PARTNER_KEYS, kid.replaceAll('../', '')));
  const [head, body, signature = ''] = token.split('.');
  const expected = createHmac('sha256', key).update(`${head}.${body}`).digest();
  if (!timingSafeEqual(expected, Buffer.from(signature, 'base64url'))) throw new Error('signature does not match');
  const { sub, role } = decodeJwt<Claims>(token);
  return { sub, role };
}
