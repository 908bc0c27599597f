import {
  type Answer,
  type Attack,
  attack,
  type Benign,
  benign,
  closed,
  fails,
  jwt,
  open,
  type ProbeContext,
  works,
} from '#probe';
import { ask, customer, firstLetIn, forgedClaims, genuineTokenWorks, newCustomer, said, signIn } from './_ferry.ts';
import { publishedKey } from './_published-key.ts';
import { remoteKeyReplay } from './_remote-key-replay.ts';

const HEADER = { typ: 'JWT' };
const control = genuineTokenWorks;

/** Every way to write "none" in upper and lower case. */
const spellings = Array.from({ length: 16 }, (_, bits) =>
  [...'none'].map((c, i) => (bits & (1 << i) ? c.toUpperCase() : c)).join(''),
);

const algNone = attack({
  id: 'alg-none',
  at: 'outside',
  control,
  async attack(t) {
    const claims = await forgedClaims(t);
    const found = await firstLetIn(
      t,
      spellings.map((alg) => ({ alg, token: jwt.encode({ ...HEADER, alg }, claims) })),
    );
    return found ? open({ params: { alg: found.alg }, shown: t.exchangeOf(found.answer) }) : closed();
  },
});

const keyConfusion = attack({
  id: 'key-confusion',
  at: 'outside',
  control,
  async attack(t) {
    const claims = await forgedClaims(t);
    const { kid, forms } = await publishedKey(t);
    const tries = forms.flatMap((key) =>
      ['HS256', 'hs256', 'HS384', 'HS512'].map((alg) => ({
        alg,
        token: jwt.hmac({ ...HEADER, alg, kid }, claims, key),
      })),
    );
    const found = await firstLetIn(t, tries);
    return found ? open({ params: { alg: found.alg }, shown: t.exchangeOf(found.answer) }) : closed();
  },
});

/** Files whose content an outsider knows. */
const KNOWN_FILES = { 'dev/null': '', 'proc/sys/kernel/ostype': 'Linux\n' };

const kidTraversal = attack({
  id: 'kid-traversal',
  at: 'outside',
  control,
  async attack(t) {
    const claims = await forgedClaims(t);
    const up = (part: string) => part.repeat(6 + t.random.int(4));
    const tries = Object.entries(KNOWN_FILES).flatMap(([file, key]) =>
      [up('../'), `${t.random.word()}/${up('../')}`, up('....//'), '/', 'file:///'].map((way) => {
        const kid = `${way}${file}`;
        return { kid, token: jwt.hmac({ ...HEADER, alg: 'HS256', kid }, claims, key) };
      }),
    );
    const found = await firstLetIn(t, tries);
    return found ? open({ params: { kid: found.kid }, shown: t.exchangeOf(found.answer) }) : closed();
  },
});

const embeddedKey = attack({
  id: 'embedded-key',
  at: 'outside',
  control,
  async attack(t) {
    const claims = await forgedClaims(t);
    const { header } = await customer(t);
    const own = await jwt.keyPair(t.random.word());
    const tries = [own.jwk.kid, header.kid].map((kid) => ({
      token: jwt.rsa({ ...HEADER, alg: 'RS256', kid, jwk: own.jwk }, claims, own.private),
    }));
    const found = await firstLetIn(t, tries);
    return found ? open({ shown: t.exchangeOf(found.answer) }) : closed();
  },
});

const remoteKey = attack({
  id: 'remote-key',
  at: 'outside',
  control,
  async attack(t) {
    const claims = await forgedClaims(t);
    const own = await jwt.keyPair(t.random.word());
    const path = `/${t.random.word()}.json`;
    const server = await t.serve((asked) => (asked.path === path ? { keys: [own.jwk] } : undefined));
    const url = `${server.url}${path}`;
    const token = jwt.rsa({ ...HEADER, alg: 'RS256', kid: own.jwk.kid, jku: url }, claims, own.private);
    const replay = remoteKeyReplay(t.address('workbench'), claims);
    const found = await firstLetIn(t, [{ token }]);
    if (found) return open({ params: { url }, shown: t.exchangeOf(found.answer), replay });
    return server.asked.length > 0 ? open({ message: 'remote-key-fetched', params: { url }, replay }) : closed();
  },
});

const ALPHABET = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];

const truncatedSignature = attack({
  id: 'truncated-signature',
  at: 'outside',
  control,
  async attack(t) {
    const claims = await forgedClaims(t);
    const { token, header } = await customer(t);
    const signature = token.split('.')[2] ?? '';
    const cut = [0, 1, signature.length >> 1].map((kept) => ({
      what: `only ${kept} of the ${signature.length} characters of its signature were left`,
      token: `${token.slice(0, token.length - signature.length)}${signature.slice(0, kept)}`,
    }));
    const guessed = ALPHABET.map((letter) => ({
      what: `its signature is one single letter, found by trying all ${ALPHABET.length}`,
      token: jwt.encode({ ...HEADER, alg: 'HS256', kid: header.kid }, claims, letter),
    }));
    const found = await firstLetIn(t, [...cut, ...guessed]);
    return found ? open({ params: { what: found.what }, shown: t.exchangeOf(found.answer) }) : closed();
  },
});

const GUESSES = [
  'secret',
  'password',
  'ferry',
  'changeme',
  'parcel',
  'harbour',
  'anchor',
  'courier',
  'letterbox',
  'lighthouse',
  'shipment',
  'seagull',
  'mainsail',
  'warehouse',
  'postcard',
  'tugboat',
  'captain',
  'gateway',
  'letter',
  'stamp',
];

const weakSecret = attack({
  id: 'weak-secret',
  at: 'outside',
  control,
  async attack(t) {
    const claims = await forgedClaims(t);
    const found = await firstLetIn(
      t,
      GUESSES.map((guess) => ({ token: jwt.hmac({ ...HEADER, alg: 'HS256' }, claims, guess) })),
    );
    return found ? open({ params: { tries: String(found.tries) }, shown: t.exchangeOf(found.answer) }) : closed();
  },
});

const tokenByAccounts = benign({
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

const afterRotation = benign({
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

const brokenToken = benign({
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

export default [
  algNone,
  keyConfusion,
  kidTraversal,
  embeddedKey,
  remoteKey,
  truncatedSignature,
  weakSecret,
  tokenByAccounts,
  afterRotation,
  brokenToken,
] satisfies (Attack | Benign)[];
