import { jwt, type ProbeContext } from '#probe';
import { customer, GATEWAY, said } from './_ferry.ts';

/** The public key that signed the customer's token, as anybody can fetch it, in the forms a service may hold it in. */
export async function publishedKey(t: ProbeContext): Promise<{ kid: string; forms: (string | Buffer)[] }> {
  const { header } = await customer(t);
  const answer = await t.http(`${GATEWAY}/.well-known/jwks.json`);
  const set = answer.json() as { keys?: { kid?: unknown; kty?: unknown; n?: unknown; e?: unknown }[] } | undefined;
  const keys = Array.isArray(set?.keys) ? set.keys : [];
  const key = keys.find((one) => one?.kid === header.kid) ?? keys[0];
  if (!key) t.stop('keys-missing', { answer: said(answer) });
  try {
    return {
      kid: String(header.kid),
      forms: jwt.publicKeyForms({ kty: String(key.kty), n: String(key.n), e: String(key.e) }),
    };
  } catch {
    return t.stop('keys-missing', { answer: 'something that is no key set' });
  }
}
