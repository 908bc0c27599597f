import { createHash, timingSafeEqual } from 'node:crypto';

/** SHA-256, hexadecimal. Secrets are high-entropy random, so a plain hash is enough to keep them unusable at rest. */
export function digest(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}

/** Compares in a time that does not depend on where two digests differ. */
export function sameDigest(left: string, right: string): boolean {
  const a = Buffer.from(left, 'utf8');
  const b = Buffer.from(right, 'utf8');
  return a.length === b.length && timingSafeEqual(a, b);
}
