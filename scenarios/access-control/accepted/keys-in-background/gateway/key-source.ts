import { importJWK, type JWK } from 'jose';

const JWKS = 'http://accounts:8080/.well-known/jwks.json';
const EVERY_MS = 2000;

let keys = new Map<string, JWK>();

async function refresh(): Promise<void> {
  const answer = await fetch(JWKS, { signal: AbortSignal.timeout(3000) });
  const set = (await answer.json()) as { keys: JWK[] };
  keys = new Map(set.keys.map((key) => [key.kid ?? '', key]));
}

// Accounts may be down for a moment; what is known stays good meanwhile.
const refreshQuietly = () => refresh().catch((error) => console.error(`keys not refreshed: ${error.message}`));
const first = refreshQuietly();
setInterval(refreshQuietly, EVERY_MS);

/** The key accounts publishes under this id. Throws when there is none. */
export async function keyOf(kid: string) {
  await first;
  const jwk = keys.get(kid);
  if (!jwk) throw new Error('accounts has no such key');
  return importJWK(jwk, 'RS256');
}
