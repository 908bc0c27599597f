import { generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { exportJWK, type JWK } from 'jose';

export interface SigningKey {
  readonly kid: string;
  readonly private: KeyObject;
  readonly public: JWK;
}

export interface KeyRing {
  current(): SigningKey;
  rotate(): Promise<void>;
  /** The JSON Web Key Set (RFC 7517): the two keys before, the one in use, and the next one, so that nobody is surprised by it. */
  published(): Promise<{ keys: JWK[] }>;
}

/** Keys live in memory: they are gone, and every token with them, when accounts restarts. */
export async function createKeyRing(): Promise<KeyRing> {
  let previous: SigningKey[] = [];
  let current = await makeKey();
  let next = makeKey();
  return {
    current: () => current,
    async rotate() {
      previous = [...previous, current].slice(-2);
      current = await next;
      next = makeKey();
    },
    async published() {
      const live = [...previous, current, await next];
      return { keys: live.map((key) => key.public) };
    },
  };
}

const generate = promisify(generateKeyPair);

async function makeKey(): Promise<SigningKey> {
  const pair = await generate('rsa', { modulusLength: 2048 });
  const kid = `ferry-${randomBytes(6).toString('hex')}`;
  return {
    kid,
    private: pair.privateKey,
    public: { ...(await exportJWK(pair.publicKey)), kid, alg: 'RS256', use: 'sig' },
  };
}
