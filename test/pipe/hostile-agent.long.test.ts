import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { DrydockError } from '#contract';
import { openAgent } from './support/workbench.ts';

const program = join(import.meta.dirname, 'support/hostile-agent.ts');
const MIB = 2 ** 20;

const open = (mode: string, detail = '', onLab?: Parameters<typeof openAgent>[2]) =>
  openAgent([program, mode, detail], {}, onLab);
const lost = (error: unknown) => error instanceof DrydockError && error.name === 'workbench-lost';
const within = <T>(milliseconds: number, promise: Promise<T>): Promise<T> =>
  Promise.race([
    promise,
    new Promise<never>((_, reject) =>
      setTimeout(() => reject(new Error(`not within ${milliseconds} ms`)), milliseconds).unref(),
    ),
  ]);

/** A rejection nobody handles ends the runner, and with it everybody's labs. */
const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
let before = 0;
beforeEach(() => {
  process.on('unhandledRejection', note);
  before = process.memoryUsage().rss;
});
afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  assert.deepEqual(unhandled.splice(0), []);
  const grown = (process.memoryUsage().rss - before) / MIB;
  assert.ok(grown < 200, `grew by ${Math.round(grown)} MiB`);
});

for (const mode of ['ends at once', 'no frames', 'no JSON']) {
  test(`an agent that says hello wrongly (${mode}) is no workbench`, async () => {
    await assert.rejects(within(5000, open(mode)), lost);
  });
}

test('an agent that never says hello is given up after the deadline', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const opening = open('silent');
  opening.catch(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  t.mock.timers.tick(15_000);
  await assert.rejects(opening, lost);
});

for (const mode of ['ends when asked', 'a frame of 4 GiB', 'answers with a million lists']) {
  test(`the workbench is lost, and every question answered so, when its agent plays "${mode}"`, async () => {
    const { pipe } = await open(mode);
    const questions = [pipe.list(), pipe.read('a'), pipe.snapshot()];
    for (const outcome of await within(5000, Promise.allSettled(questions)))
      assert.ok(outcome.status === 'rejected' && outcome.reason instanceof DrydockError);
    await within(5000, pipe.closed);
    await assert.rejects(within(5000, pipe.list()), DrydockError);
  });
}

for (const message of [
  'null',
  '[]',
  '"x"',
  '{"type":"root"}',
  '{"type":"answer","id":"1"}',
  '{"type":"lab","call":1,"argv":"status","size":null}',
  '{"type":"lab","call":0,"argv":[],"size":null}',
  '{"type":"lab","call":1,"argv":[],"size":{"cols":1e9,"rows":0}}',
  '{"type":"resize","call":1,"cols":80,"rows":-1}',
  '{"type":"part","id":1,"path":"../../etc/shadow","content":""}',
  '{"type":"part","id":1,"path":"/etc/shadow","content":""}',
  '{"type":"part","id":1,"path":"a","content":"not base64!"}',
  '{"type":"data","stream":"1","bytes":""}',
  '{"type":"credit","stream":1,"bytes":-1}',
  '{"type":"credit","stream":1,"bytes":1e9}',
  '{"type":"close","stream":1,"why":"constructor"}',
  '{"type":"refusal","id":1,"refusal":"constructor","message":""}',
  `{"type":"refusal","id":1,"refusal":"failed","message":"${'x'.repeat(5000)}"}`,
]) {
  test(`a message outside the protocol ends the pipe: ${message.slice(0, 50)}`, async () => {
    const { pipe } = await open('not our messages', message);
    await within(5000, pipe.closed);
  });
}

test('an answer that never comes is waited for until the deadline, and the pipe stays', async (t) => {
  const { pipe } = await open('a frame that never ends');
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const question = pipe.list();
  question.catch(() => undefined);
  t.mock.timers.tick(15_000);
  await assert.rejects(question, lost);
  pipe.close();
  await pipe.closed;
});

for (const mode of ['deaf', 'deaf, then gone']) {
  test(`an agent that does not read (${mode}) holds up nobody past the deadline`, async (t) => {
    const { pipe } = await open(mode);
    if (mode === 'deaf') t.mock.timers.enable({ apis: ['setTimeout'] });
    const writing = pipe.write({ path: 'a', content: 'x'.repeat(MIB), version: null });
    writing.catch(() => undefined);
    if (mode === 'deaf') t.mock.timers.tick(15_000);
    await assert.rejects(writing, DrydockError);
    pipe.close();
    await pipe.closed;
  });
}

test('answers nobody asked for are passed over', async () => {
  const { pipe } = await open('answers nobody asked for');
  assert.deepEqual(await within(5000, pipe.list()), []);
  pipe.close();
});

test('of two answers to one question the first counts, and none is taken for the next', async () => {
  const { pipe } = await open('answers twice');
  assert.equal((await pipe.list())[0]?.path, 'first-1');
  assert.equal((await pipe.list())[0]?.path, 'first-2');
  pipe.close();
});

/** Values that are no answer to any question. */
const WRONG = [
  'null',
  '{}',
  '[1]',
  '[{"path":"a","bytes":"1","version":"a"}]',
  '{"path":1,"content":{},"version":null}',
];

for (const value of WRONG) {
  test(`an answer of the wrong shape is the workbench's fault, told as such: ${value}`, async () => {
    const { pipe } = await open('answers with', value);
    await assert.rejects(pipe.list(), lost);
    await assert.rejects(pipe.read('a'), lost);
    pipe.close();
  });
}

test('control: the same agent with a right answer is believed', async () => {
  const { pipe } = await open('answers with', '{"path":"a/b","content":"eA==","version":"v"}');
  assert.deepEqual(await pipe.read('a/b'), { path: 'a/b', content: 'x', version: 'v' });
  pipe.close();
});

test('a snapshot without end is given up at its limit', async () => {
  const { pipe } = await open('a snapshot without end');
  const refused = (error: unknown) => error instanceof DrydockError && error.name === 'too-large';
  await assert.rejects(within(10_000, pipe.snapshot()), refused);
  pipe.close();
  await pipe.closed;
});

test('a list of a million files is refused', async () => {
  const { pipe } = await open('answers with a list of a million');
  await assert.rejects(within(10_000, pipe.list()), DrydockError);
  pipe.close();
});

test('any number of hang-ups of calls nobody made are not remembered', async () => {
  const { pipe } = await open('hangs up calls nobody made');
  const held = process.memoryUsage().heapUsed;
  assert.deepEqual(await pipe.list(), []);
  const grown = (process.memoryUsage().heapUsed - held) / MIB;
  assert.ok(grown < 20, `holds ${Math.round(grown)} MiB more`);
  pipe.close();
});

test('an agent that calls lab without end, and never reads, is not answered without end', async () => {
  let calls = 0;
  const { pipe } = await open('calls lab without end', '', {
    onLab: (call) => {
      calls++;
      call.print('x'.repeat(10_000));
      call.exit(0);
    },
  });
  await within(5000, pipe.closed);
  assert.ok(calls >= 1 && calls <= 200, `${calls} calls`);
});

for (const [what, message] of Object.entries({
  bytes: { type: 'data', stream: 1, bytes: Buffer.alloc(30_000).toString('base64') },
  credit: { type: 'credit', stream: 1, bytes: 1000 },
})) {
  test(`an agent that sends more ${what} on a stream than its window loses the pipe`, async () => {
    const { pipe } = await open('floods a stream', JSON.stringify(message));
    const tunnel = await within(5000, pipe.tunnel('gateway', 8080));
    await within(5000, pipe.closed);
    await assert.rejects(tunnel.write(Buffer.alloc(1)), DrydockError);
  });
}

test('what is said of streams that nobody opened is passed over', async () => {
  const { pipe } = await open('not our messages', '{"type":"data","stream":7,"bytes":"eA=="}');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const first = await Promise.race([pipe.closed.then(() => 'closed'), Promise.resolve('open')]);
  assert.equal(first, 'open');
  pipe.close();
});

test('a tunnel that the agent never opens is given up after the deadline, and leaves its place', async (t) => {
  const { pipe } = await open('not our messages', '{"type":"changed"}');
  t.mock.timers.enable({ apis: ['setTimeout'] });
  for (let round = 0; round < 2; round++) {
    const opening = Array.from({ length: 32 }, () => pipe.tunnel('gateway', 8080));
    for (const one of opening) one.catch(() => undefined);
    await assert.rejects(pipe.tunnel('gateway', 8080), /32 connections/);
    t.mock.timers.tick(15_000);
    for (const one of opening) await assert.rejects(one, DrydockError);
  }
  pipe.close();
  await pipe.closed;
});
