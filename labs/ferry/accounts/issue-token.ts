import { SignJWT } from 'jose';
import type { KeyRing } from './key-ring.ts';
import type { User } from './users.ts';

/** An access token for one hour: who and what role, nothing personal. */
export function issueToken(keys: KeyRing, user: User): Promise<string> {
  const key = keys.current();
  return new SignJWT({ role: user.role })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid })
    .setIssuer('ferry-accounts')
    .setAudience('ferry')
    .setSubject(user.id)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(key.private);
}
