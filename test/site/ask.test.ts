import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { createAsk, RequestFailed } from '../../site/src/workspace/api/ask.ts';

const Answer = z.object({ ok: z.boolean() });

/** Fails as often as it is told, as the browser does without a connection; then answers. */
function flaky(failures: number) {
  let asked = 0;
  const request: typeof fetch = async () => {
    asked += 1;
    if (asked <= failures) throw new TypeError('Failed to fetch');
    return Response.json({ ok: true });
  };
  return { ask: createAsk(request), asked: () => asked };
}

const unreachable = (error: unknown) => error instanceof RequestFailed && error.failure.kind === 'unreachable';

test('a GET that got no answer is asked once more', async () => {
  const { ask, asked } = flaky(1);
  assert.deepEqual(await ask('GET', '/x', Answer), { ok: true });
  assert.equal(asked(), 2);
});

test('a GET that got none twice says so', async () => {
  const { ask, asked } = flaky(2);
  await assert.rejects(ask('GET', '/x', Answer), unreachable);
  assert.equal(asked(), 2);
});

test('what changes something is sent once: it may have arrived', async () => {
  for (const method of ['POST', 'PUT', 'DELETE'] as const) {
    const { ask, asked } = flaky(1);
    await assert.rejects(ask(method, '/x', Answer), unreachable);
    assert.equal(asked(), 1);
  }
});
