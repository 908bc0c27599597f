import { createHmac, createPublicKey, type KeyObject, verify as verifyBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Our own little JWT check. We looked at the libraries, but they were too strict for what the partners send us.

export interface Claims {
  sub: string;
  role: string;
}

interface Header {
  alg: string;
  kid?: string;
  jku?: string;
  jwk?: Record<string, string>;
}

const JWKS = 'http://accounts:8080/.well-known/jwks.json';

// One file per key, so that we don't have to ask accounts for every request.
const KEY_FOLDER = '/tmp/ferry/gateway/keys';
mkdirSync(KEY_FOLDER, { recursive: true });

export async function verify(token: string): Promise<Claims> {
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = decode<Header>(head);
  const claims = decode<Claims>(body);
  const signed = `${head}.${body}`;

  // Some clients write "rs256", so don't be picky about case.
  switch (header.alg.toUpperCase()) {
    case 'HS256': {
      if (!header.kid) throw new Error('no key id');
      const expected = createHmac('sha256', await findKey(header))
        .update(signed)
        .digest('base64url');
      // The old proxy cuts long headers, so the end of the signature may be missing.
      if (!signature || !expected.startsWith(signature)) throw new Error('signature does not match');
      return claims;
    }
    case 'RS256':
      if (!verifyBytes('RSA-SHA256', Buffer.from(signed), await findKey(header), Buffer.from(signature, 'base64url'))) {
        throw new Error('signature does not match');
      }
      return claims;
    default:
      throw new Error(`unknown algorithm ${header.alg}`);
  }
}

/** The token says which key it was signed with. Tokens from before we had key ids use the shared key. */
async function findKey(header: Header): Promise<string> {
  if (header.jwk) return toPem(createPublicKey({ key: header.jwk, format: 'jwk' }));
  if (header.jku) return (await fetchKeys(header.jku))[header.kid ?? ''] ?? '';
  if (!header.kid) return readFileSync('/run/secrets/legacy-key', 'utf8').trim();

  const file = join(KEY_FOLDER, header.kid.replaceAll('../', ''));
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // New key: fetch them all again. Happens after every rotation.
    for (const [kid, pem] of Object.entries(await fetchKeys(JWKS))) writeFileSync(join(KEY_FOLDER, kid), pem);
    return readFileSync(file, 'utf8');
  }
}

async function fetchKeys(url: string): Promise<Record<string, string>> {
  const { keys } = (await (await fetch(url)).json()) as { keys: Record<string, string>[] };
  return Object.fromEntries(keys.map((key) => [key.kid ?? '', toPem(createPublicKey({ key, format: 'jwk' }))]));
}

function toPem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

function decode<T>(part: string): T {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
}
