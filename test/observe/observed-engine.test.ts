import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { DrydockError } from '#contract';
import { hostConfig } from '../../runner/core/policy/host-config.ts';
import type { Channel, ContainerSpec, Engine } from '../../runner/core/ports/engine.ts';
import { memoryEngine } from '../../runner/engine/memory/memory-engine.ts';
import { engineSuite } from '../suites/engine-suite.ts';
import { aroundCalls } from '../support/around-calls.ts';
import { observed } from './support/observed.ts';
import { readMetrics } from './support/read-metrics.ts';

const image = 'drydock/base:test';
engineSuite('the observed engine', { engine: observed(memoryEngine({ images: [image] })).engine, image });

const NAMES = ['createContainer', 'exec', 'inspectContainer', 'list', 'putFiles'] as const;

/** Calls with something of a learner's in every place where there can be. */
async function callAll(engine: Engine, canary: string): Promise<void> {
  const spec = {
    name: 'box',
    image,
    labels: { flag: canary },
    command: [canary],
    env: { SECRET: canary },
    workingDir: canary,
  };
  const calls: Record<(typeof NAMES)[number], () => Promise<unknown>> = {
    createContainer: () => engine.createContainer({ ...spec, endpoints: [] } as unknown as ContainerSpec),
    exec: () => engine.exec('box', { argv: ['/bin/sh', '-c', canary], user: '', env: { FLAG: canary } }),
    inspectContainer: () => engine.inspectContainer('box'),
    list: () => engine.list({ flag: canary }),
    putFiles: () => engine.putFiles('box', '/', Buffer.from(canary)),
  };
  for (const name of NAMES) await calls[name]().catch(() => undefined);
}

const answering = aroundCalls(memoryEngine(), () => undefined);
const refusing = (canary: string) =>
  new Proxy(answering, {
    get: () => async () => {
      const cause = Object.assign(new Error(`exec: "${canary}": not found`), {
        statusCode: 400,
        json: { argv: canary },
      });
      throw new DrydockError('engine-refused', `The engine refused: exec: ${canary}: not found.`, { cause });
    },
  });

test('each call is logged with its name, subject and time under the id of its work, and timed', async () => {
  const { engine, trace, lines, metrics } = observed(memoryEngine());
  await Promise.all(['a', 'b'].map((id) => trace.run(id, () => engine.inspectContainer(`box-of-${id}`))));
  const [first, second] = lines();
  for (const [line, id] of [
    [first, 'a'],
    [second, 'b'],
  ] as const) {
    assert.equal(line?.['level'], 20, 'debug');
    assert.deepEqual([line?.['id'], line?.['call'], line?.['on']], [id, 'inspectContainer', `box-of-${id}`]);
    assert.equal(typeof line?.['milliseconds'], 'number');
  }
  const count = 'drydock_engine_call_seconds_count{call="inspectContainer",outcome="ok"}';
  assert.equal(readMetrics(await metrics.text()).get(count), 2);
});

test('a call that fails is a warning with the name of its problem and the status, and fails as it did', async () => {
  const { engine, lines, metrics } = observed(refusing('x'));
  await assert.rejects(engine.removeNetwork('net'), { name: 'engine-refused' });
  const [{ level, call, on, outcome, status, reason } = {}] = lines();
  assert.deepEqual([level, call, on, outcome, status], [40, 'removeNetwork', 'net', 'engine-refused', 400]);
  assert.match(String(reason), /refused/, 'the words of the engine, where no learner can have put in any');
  const count = 'drydock_engine_call_seconds_count{call="removeNetwork",outcome="engine-refused"}';
  assert.equal(readMetrics(await metrics.text()).get(count), 1);
});

test('no argument of a call but its name is logged: no argv, environment, label, file or refusal of those', async () => {
  const canary = 'canary-7f3a';
  for (const inner of [answering, refusing(canary)]) {
    const { engine, text, lines } = observed(inner);
    await callAll(engine, canary);
    const told = lines().filter(({ call }) => call !== 'inspectContainer' && call !== 'list');
    assert.deepEqual(
      told.map(({ call }) => call),
      NAMES.filter((name) => name !== 'inspectContainer' && name !== 'list'),
    );
    const leaks = told.filter((line) => JSON.stringify(line).includes(canary));
    assert.deepEqual(leaks, []);
    if (inner === answering) assert.equal(text().includes(canary), false);
  }
  const { engine, log, text } = observed(answering);
  const naive = aroundCalls(engine, (call, first) => log.debug({ call, first }));
  await callAll(naive, canary);
  assert.ok(text().includes(canary), 'control: logging the arguments would be seen');
});

/** How many bytes a program could write before it had to wait, while nobody reads. */
async function writtenAhead(wrap: (channel: Channel) => Channel): Promise<number> {
  let written = 0;
  const programs = {
    '/bin/wait': ({ signal }: { signal: AbortSignal }) =>
      new Promise<number>((end) => signal.addEventListener('abort', () => end(0))),
    '/bin/flood': async ({ write, signal }: { write(bytes: Uint8Array): Promise<void>; signal: AbortSignal }) => {
      while (!signal.aborted && written < 4e6) {
        await write(Buffer.alloc(16_384));
        written += 16_384;
      }
      return 0;
    },
  };
  const memory = memoryEngine({ programs });
  const box = {
    name: 'box',
    image,
    labels: {},
    command: ['/bin/wait'],
    env: {},
    user: '',
    workingDir: '/',
    interactive: false,
  };
  const id = await memory.createContainer({
    ...box,
    hostConfig: hostConfig('checker', { network: { kind: 'none' }, mounts: [], ipv6: false, appArmor: false }),
    endpoints: [],
  });
  await memory.startContainer(id);
  const channel = wrap(await observed(memory).engine.exec(id, { argv: ['/bin/flood'], user: '' }));
  await channel.output[Symbol.asyncIterator]().next();
  await pause(100);
  const ahead = written;
  channel.close();
  await memory.removeContainer(id);
  return ahead;
}

test('a process still waits for whoever reads its channel', async () => {
  assert.ok((await writtenAhead((channel) => channel)) <= 4 * 65_536);
  const eager = (channel: Channel): Channel => {
    const chunks = Array.fromAsync(channel.output);
    return {
      ...channel,
      output: {
        async *[Symbol.asyncIterator]() {
          yield* await chunks;
        },
      },
    };
  };
  assert.ok((await writtenAhead(eager)) >= 4e6, 'control: a wrapper that reads ahead would be seen');
});

test('a channel is told of once when it closes, under the id it was opened under', async () => {
  const channel = {
    write: async () => {},
    endInput() {},
    output: [],
    close() {},
    exitCode: async () => 0,
    async [Symbol.asyncDispose]() {},
  };
  const { engine, trace, lines } = observed({ exec: async () => channel } as unknown as Engine);
  const opened = await trace.run('mine', () => engine.exec('box', { argv: [], user: '' }));
  assert.equal(opened.output, channel.output, 'what is read is the very channel');
  trace.run('theirs', () => opened.close());
  await opened[Symbol.asyncDispose]();
  const closings = lines().filter(({ msg }) => msg === 'channel closed');
  assert.deepEqual(
    closings.map(({ id, call, on }) => [id, call, on]),
    [['mine', 'exec', 'box']],
  );
});
