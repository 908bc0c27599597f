import { type Answer, benign, fails, type ProbeContext, works } from '#probe';
import { ask, customer, newCustomer, said, signIn } from './_ferry.ts';

export const tokenByAccounts = benign({
  id: 'token-by-accounts',
  at: 'outside',
  async run(t) {
    const { id, token } = await customer(t);
    const me = await ask(t, '/api/me', token);
    if (me.status !== 200 || me.field('id') !== id) return fails({ params: { answer: said(me) } });
    const admin = await ask(t, '/api/admin', token);
    if (admin.status !== 403) return fails({ message: 'customer-is-not-admin', params: { answer: said(admin) } });
    return works({ shown: t.exchangeOf(me) });
  },
});

/** A key set may be kept for half a minute by a careful client; longer than that nobody should be locked out. */
const PATIENCE_SECONDS = 32;

export const afterRotation = benign({
  id: 'after-rotation',
  at: 'accounts',
  seconds: 45,
  async run(t) {
    const { email, password, token: first } = await newCustomer(t);
    let latest = await ask(t, '/api/me', first);
    if (latest.status !== 200) return fails({ message: 'token-by-accounts-closed', params: { answer: said(latest) } });
    const until = Date.now() + PATIENCE_SECONDS * 1000;
    let before = first;
    // Twice: the first rotation's key was published long before, so that keys fetched once and for all still hold it.
    for (let rotation = 0; rotation < 2; rotation++) {
      const rotated = await rotateKeys(t);
      if (rotated.status !== 200) return fails({ message: 'rotation-failed', params: { answer: said(rotated) } });
      const token = await signIn(t, email, password);
      latest = await askUntil(t, until, token);
      if (latest.status !== 200) return fails({ params: { answer: said(latest), seconds: String(PATIENCE_SECONDS) } });
      const old = await ask(t, '/api/me', before);
      if (old.status !== 200) return fails({ message: 'old-token-lost', params: { answer: said(old) } });
      before = token;
    }
    return works({ shown: t.exchangeOf(latest) });
  },
});

const rotateKeys = (t: ProbeContext) =>
  t.http('http://127.0.0.1:9001/keys/rotate', {
    method: 'POST',
    headers: { authorization: `Bearer ${t.secrets['rotate-key']}` },
  });

/** The last answer to a token, asked until it is let in or the time is up. */
async function askUntil(t: ProbeContext, until: number, token: string): Promise<Answer> {
  for (;;) {
    const answer = await ask(t, '/api/me', token);
    if (answer.status === 200 || Date.now() >= until) return answer;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

export const brokenToken = benign({
  id: 'broken-token',
  at: 'outside',
  async run(t) {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const broken = [
      'a',
      '...',
      part({ alg: 'RS256' }),
      `${part(null)}.${part(null)}.x`,
      `${part([])}.${part(1)}.`,
      `x.y.${t.random.hex(8)}`,
      t.random.hex(1500),
    ];
    const without = await t.http('http://gateway:8080/api/me');
    if (without.status !== 401) return fails({ params: { what: 'without a token', answer: said(without) } });
    for (const token of t.random.shuffle(broken)) {
      const answer = await ask(t, '/api/me', token);
      if (answer.status !== 401)
        return fails({ params: { what: `with the broken token "${token.slice(0, 40)}"`, answer: said(answer) } });
    }
    return works();
  },
});
