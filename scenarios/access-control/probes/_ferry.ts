import { type Answer, jwt, type ProbeContext } from '#probe';

export const GATEWAY = 'http://gateway:8080';

export interface Customer {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly token: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A customer made for this run, signed in once for all probes of a position. */
export const customer = (t: ProbeContext): Promise<Customer> => t.shared('customer', () => newCustomer(t));

export async function newCustomer(t: ProbeContext): Promise<Customer> {
  const email = `${t.random.word()}.${t.random.hex(4)}@example.com`;
  const password = t.random.hex(12);
  const registered = await t.http(`${GATEWAY}/api/register`, { body: { email, password } });
  if (registered.status !== 201) t.stop('register-failed', { answer: said(registered) });
  const token = await signIn(t, email, password);
  const read = jwt.decode(token);
  if (!read) t.stop('sign-in-failed', { answer: 'something that is no token' });
  return { id: registered.field('id'), email, password, token, header: read.header, claims: read.claims };
}

export async function signIn(t: ProbeContext, email: string, password: string): Promise<string> {
  const answer = await t.http(`${GATEWAY}/api/sign-in`, { body: { email, password } });
  if (answer.status !== 200 || !answer.field('token')) t.stop('sign-in-failed', { answer: said(answer) });
  return answer.field('token');
}

export const ask = (t: ProbeContext, path: string, token: string): Promise<Answer> =>
  t.http(`${GATEWAY}${path}`, { headers: { authorization: `Bearer ${token}` } });

/** The control of every attack here: a genuine token is let in by the very check that is attacked. */
export async function genuineTokenWorks(t: ProbeContext): Promise<boolean> {
  const { token } = await customer(t);
  return (await ask(t, '/api/me', token)).status === 200;
}

/** Claims as accounts would write them, but for somebody else, and an administrator. */
export async function forgedClaims(t: ProbeContext): Promise<Record<string, unknown>> {
  const { claims } = await customer(t);
  return { ...claims, sub: t.random.hex(8), role: 'admin' };
}

/** Tries tokens in random order, each at a protected path; returns the first that is let in, with its answer. */
export async function firstLetIn<T extends { token: string }>(
  t: ProbeContext,
  tries: readonly T[],
): Promise<(T & { answer: Answer; tries: number }) | null> {
  let tried = 0;
  for (const one of t.random.shuffle(tries)) {
    tried += 1;
    for (const path of t.random.shuffle(['/api/admin', '/api/me'])) {
      const answer = await ask(t, path, one.token);
      if (answer.status === 200) return { ...one, answer, tries: tried };
    }
  }
  return null;
}

/** An answer in words, for a sentence. */
export const said = (answer: Answer): string =>
  answer.failure ? `no answer (${answer.failure})` : String(answer.status);
