import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { before } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type EngineFixture, named, outcome, test } from './engine-fixture.ts';

const MIB = 1024 * 1024;
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

export function engineStreams({ engine, container, running }: EngineFixture): void {
  let box = '';
  before(async () => {
    box = await running();
  });
  const exec = (...argv: string[]) => engine.exec(box, { argv, user: '10001:10001' });

  test('stdout, stderr and the exit code of an exec come apart', async () => {
    const ended = await outcome(await exec('/bin/sh', '-c', 'echo out; echo err >&2; exit 7'));
    assert.deepEqual([ended.stdout.toString(), ended.stderr.toString(), ended.code], ['out\n', 'err\n', 7]);
  });

  test('L7 end of input reaches the process; all its output and its exit code still come', async () => {
    const channel = await exec('/bin/cat');
    const sent = randomBytes(MIB);
    const writing = (async () => {
      for (let at = 0; at < sent.length; at += 60_000) await channel.write(sent.subarray(at, at + 60_000));
      channel.endInput();
    })();
    const ended = await outcome(channel);
    await writing;
    assert.equal(ended.stdout.length, sent.length);
    assert.equal(sha256(ended.stdout), sha256(sent));
    assert.equal(ended.code, 0);
  });

  test('L7 output made after the end of input comes whole', async () => {
    const channel = await exec('/bin/sh', '-c', 'cat; echo after; exit 3');
    await channel.write(Buffer.from('before\n'));
    channel.endInput();
    const ended = await outcome(channel);
    assert.deepEqual([ended.stdout.toString(), ended.code], ['before\nafter\n', 3]);
  });

  test('a process that ends without reading its input loses none of its output, and writing to it is refused', async () => {
    const channel = await exec('/bin/sh', '-c', 'echo enough; exit 3');
    const writing = (async () => {
      for (;;) await channel.write(Buffer.alloc(60_000));
    })();
    const refused = assert.rejects(writing, named('engine-unavailable', /cut/));
    const ended = await outcome(channel);
    assert.deepEqual([ended.stdout.toString(), ended.code], ['enough\n', 3]);
    channel.close();
    await refused;
  });

  test('a program that is not there ends with 126 or 127 and says so', async () => {
    const ended = await outcome(await exec('/bin/nowhere'));
    assert.ok([126, 127].includes(ended.code), `exit code ${ended.code}`);
    assert.match(ended.stdout.toString(), /nowhere/);
  });

  test('leaving a loop over the output early leaves the rest to the next one', async () => {
    const channel = await exec('/bin/cat');
    await channel.write(Buffer.from('one'));
    for await (const { bytes } of channel.output) {
      assert.equal(bytes.toString(), 'one');
      break;
    }
    await channel.write(Buffer.from('two'));
    channel.endInput();
    assert.equal((await outcome(channel)).stdout.toString(), 'two');
  });

  test('a consumer that does not read stops the process, and memory stays flat', async () => {
    const channel = await exec('/bin/cat', '/dev/zero');
    const reader = channel.output[Symbol.asyncIterator]();
    await reader.next();
    await pause(300);
    const before = process.memoryUsage();
    await pause(700);
    const after = process.memoryUsage();
    const grown = after.arrayBuffers + after.external - before.arrayBuffers - before.external;
    assert.ok(grown < 4 * MIB, `grew by ${grown} bytes`);
    // It was held up, not broken off: reading goes on.
    for (let read = 0; read < 8 * MIB; ) read += (await reader.next()).value?.bytes.length ?? Number.NaN;
    channel.close();
  });

  test('a closed channel ends the output, refuses input and never says an exit code', async () => {
    const channel = await exec('/bin/cat');
    const reading = outcome(channel);
    channel.close();
    await assert.rejects(reading, named('engine-unavailable'));
    await assert.rejects(channel.write(Buffer.from('late')), named('engine-unavailable'));
    channel.close();
  });

  test('running something in a container that does not run, or is not there, is refused', async () => {
    const spec = { argv: ['/bin/true'], user: '10001' };
    await assert.rejects(engine.exec(await container(), spec), named('engine-refused', /not running/));
    await assert.rejects(engine.exec('0'.repeat(64), spec), named('engine-refused', /No such container/));
  });

  test('a container attached before its start gets its input, and gives output and exit code', async () => {
    const id = await container({ interactive: true, command: ['/bin/sh', '-c', 'cat; echo done >&2; exit 4'] });
    const channel = await engine.attach(id);
    await engine.startContainer(id);
    await channel.write(Buffer.from('{"nonce":"abc"}\n'));
    channel.endInput();
    const ended = await outcome(channel);
    assert.deepEqual(
      [ended.stdout.toString(), ended.stderr.toString(), ended.code],
      ['{"nonce":"abc"}\n', 'done\n', 4],
    );
  });

  test('killing a container ends what is attached and what was executed in it', async () => {
    const id = await container({ interactive: true, command: ['/bin/cat'] });
    const attached = await engine.attach(id);
    await engine.startContainer(id);
    const executed = await engine.exec(id, { argv: ['/bin/cat'], user: '10001' });
    // The stream is there before the process is: only an echo shows that it runs.
    await executed.write(Buffer.from('up'));
    await executed.output[Symbol.asyncIterator]().next();
    const ends = Promise.all([outcome(attached), outcome(executed)]);
    await engine.killContainer(id, 'SIGKILL');
    assert.deepEqual(
      (await ends).map(({ code }) => code),
      [137, 137],
    );
  });

  test('an image that is not there is missing; one that is has an id and layers', async () => {
    const found = await engine.image((await engine.inspectContainer(box))?.image ?? '');
    assert.match(found?.id ?? '', /^sha256:[0-9a-f]{64}$/);
    assert.ok((found?.layers.length ?? 0) > 0);
    assert.equal(await engine.image('drydock/nowhere:0'), null);
    await assert.rejects(container({ image: 'drydock/nowhere:0' }), named('image-missing', /nowhere/));
  });
}
