import { createHmac, createPublicKey, generateKeyPair, type JsonWebKey, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';

export type Part = Readonly<Record<string, unknown>>;

const base64url = (value: string | Buffer) => Buffer.from(value).toString('base64url');
const signedPart = (header: Part, claims: Part) =>
  `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`;

/** Making tokens (RFC 7515) no sound issuer would make. */
export const jwt = {
  /** A token with whatever signature, by default an empty one. */
  encode: (header: Part, claims: Part, signature = '') => `${signedPart(header, claims)}.${signature}`,

  /** Signed with HMAC over any key at all; the hash is taken from `alg` (HS256 unless it says 384 or 512). */
  hmac(header: Part, claims: Part, key: string | Buffer): string {
    const hash = /(384|512)$/.exec(String(header.alg))?.[0] ?? '256';
    const signed = signedPart(header, claims);
    return `${signed}.${createHmac(`sha${hash}`, key).update(signed).digest('base64url')}`;
  },

  /** Signed with RSA PKCS #1 v1.5 and SHA-256, whatever `alg` says. */
  rsa(header: Part, claims: Part, key: KeyObject): string {
    const signed = signedPart(header, claims);
    return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
  },

  /** Header, claims and signature without any check, or null. */
  decode(token: string): { header: Part; claims: Part; signature: string } | null {
    const [header = '', claims = '', signature = ''] = token.split('.');
    const [first, second] = [header, claims].map(readPart);
    return first && second ? { header: first, claims: second, signature } : null;
  },

  /** A key pair of the attacker's own. */
  async keyPair(kid: string): Promise<{ private: KeyObject; jwk: JsonWebKey & { kid: string } }> {
    const pair = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
    return {
      private: pair.privateKey,
      jwk: { ...pair.publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' } as JsonWebKey & {
        kid: string;
      },
    };
  },

  /** The ways a service may hold a public key in memory, each of which confused code may take for an HMAC key. */
  publicKeyForms(jwk: JsonWebKey): (string | Buffer)[] {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const pem = key.export({ type: 'spki', format: 'pem' }).toString();
    return [
      pem,
      pem.trimEnd(),
      key.export({ type: 'spki', format: 'der' }),
      key.export({ type: 'pkcs1', format: 'pem' }).toString(),
      String(jwk.n),
    ];
  },
};

function readPart(part: string): Part | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return value && typeof value === 'object' && !Array.isArray(value) ? (value as Part) : null;
  } catch {
    return null;
  }
}
