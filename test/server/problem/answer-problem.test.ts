import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { DrydockError, Problem } from '#contract';
import { ask } from '../support/ask.ts';
import { startServer } from '../support/start-server.ts';

const ProblemAnswer = z.strictObject({ error: Problem });

async function failing(t: Parameters<typeof startServer>[0], thrown: unknown) {
  const server = await startServer(t);
  const { id } = await server.sessions.open('ann', 'access-control');
  server.sessions.failWith = thrown;
  const answer = await ask(server.port, {
    path: `/api/sessions/${id}/files`,
    headers: { cookie: await server.cookie('ann') },
  });
  return { server, answer, error: ProblemAnswer.parse(answer.json()).error };
}

test('a known error keeps its name, places and status, and shows no cause', async (t) => {
  const at = [{ file: 'compose.yaml', line: 3, column: 5, message: 'no such network' }];
  const { answer, error } = await failing(
    t,
    new DrydockError('invalid-file', 'compose.yaml is wrong.', { at, cause: new Error('inner') }),
  );
  assert.equal(answer.status, 422);
  assert.deepEqual([error.name, error.at], ['invalid-file', at]);
  assert.equal(answer.text.includes('inner'), false);
});

test('an unforeseen error shows an id that the log explains, and nothing else of it', async (t) => {
  const { server, answer, error } = await failing(t, new Error('a secret detail'));
  assert.equal(answer.status, 500);
  assert.equal(error.name, 'internal');
  assert.equal(answer.text.includes('secret'), false);
  const [id = 'none'] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(error.message) ?? [];
  const line = server
    .log()
    .split('\n')
    .find((one) => one.includes(id));
  assert.match(line ?? '', /a secret detail/);
});

test('an unknown address of the API is a JSON 404 whatever the browser prefers', async (t) => {
  const server = await startServer(t);
  const answer = await ask(server.port, { path: '/api/nothing', headers: { accept: 'text/html' } });
  assert.equal(answer.status, 404);
  assert.equal(ProblemAnswer.parse(answer.json()).error.name, 'not-found');
});
