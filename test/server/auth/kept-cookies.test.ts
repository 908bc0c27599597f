import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { COOKIE_LIFE, createAuth } from '../../../runner/server/auth/create-auth.ts';
import { keptCookies } from '../../../runner/server/auth/kept-cookies.ts';
import { temporaryStore } from '../../support/temporary-store.ts';

/** One runner after the other on the same store; each has a clock of its own that begins anywhere. */
async function runners() {
  const store = await temporaryStore();
  const time = { wall: Date.UTC(2030, 0, 1), since: 0 };
  return {
    time,
    start: async (began: number) => {
      const clock = () => began + time.since;
      const cookies = await keptCookies(store, { clock, wall: () => time.wall }, COOKIE_LIFE);
      return createAuth({ clock, randomBytes, cookies });
    },
  };
}

async function signIn(auth: Awaited<ReturnType<Awaited<ReturnType<typeof runners>>['start']>>) {
  const made = await auth.exchange(auth.issueToken('anna'));
  return { cookie: `__Host-drydock=${made?.cookie}` };
}

test('a browser stays signed in when the runner is started again', async () => {
  const { start } = await runners();
  const headers = await signIn(await start(5));
  const next = await start(900_000);
  assert.equal((await next.identify(headers))?.user, 'anna');
  assert.equal(await next.identify({ cookie: '__Host-drydock=made-up' }), null);
});

test('who signed out stays so', async () => {
  const { start } = await runners();
  const first = await start(0);
  const headers = await signIn(first);
  const identity = await first.identify(headers);
  assert.ok(identity);
  await first.revoke(identity);
  assert.equal(await (await start(0)).identify(headers), null);
});

test('a sign-in lasts no longer for a restart, however the wall clock jumps', async () => {
  const { start, time } = await runners();
  const headers = await signIn(await start(0));
  time.wall -= 24 * 3600_000;
  const next = await start(0);
  assert.ok(await next.identify(headers));
  time.since += COOKIE_LIFE;
  assert.equal(await next.identify(headers), null);
});
