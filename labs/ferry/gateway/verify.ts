import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';

/** Who a request comes from, as accounts vouches for it. */
export interface Claims {
  sub: string;
  role: string;
}

// The keys come from accounts and from nowhere else, whatever a token's header says. A key published by a rotation
// is picked up within two seconds.
const keys = createRemoteJWKSet(new URL(process.env.JWKS_URL ?? 'http://accounts:8080/.well-known/jwks.json'), {
  cooldownDuration: 2000,
});

/** Throws unless the token was signed by accounts, for Ferry, and is in force (RFC 8725). */
export async function verify(token: string): Promise<Claims> {
  const { payload } = await jwtVerify(token, keys, {
    algorithms: ['RS256'],
    issuer: 'ferry-accounts',
    audience: 'ferry',
    requiredClaims: ['exp', 'sub'],
    clockTolerance: 5,
  });
  return { sub: text(payload, 'sub'), role: text(payload, 'role') };
}

function text(payload: JWTPayload, name: string): string {
  const value = payload[name];
  if (typeof value !== 'string') throw new Error(`claim "${name}" is missing`);
  return value;
}
