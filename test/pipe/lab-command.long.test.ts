import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { encodeFrame } from '../../runner/pipe/agent/frames.ts';
import type { LabCall } from '../../runner/pipe/lab-calls.ts';
import { openWorkbench } from './support/workbench.ts';

test('lab hands its words over as they are, prints what is answered and ends with its code', async () => {
  const calls: (readonly string[])[] = [];
  await using workbench = await openWorkbench({}, (call) => {
    calls.push(call.argv);
    call.print('first line\n');
    call.print('zweite Zeile: ü\n');
    call.exit(call.argv[0] === 'check' ? 1 : 0);
  });
  const { code, text, complaint } = await workbench.lab('check', '$(id)', "a b'c", '');
  assert.deepEqual([code, text, complaint], [1, 'first line\nzweite Zeile: ü\n', '']);
  assert.equal((await workbench.lab()).code, 0);
  assert.deepEqual(calls, [['check', '$(id)', "a b'c", ''], []]);
});

test('an answer that takes its time is waited for, and files are served meanwhile', async () => {
  const asked = Promise.withResolvers<LabCall>();
  await using workbench = await openWorkbench({ a: 'x' }, asked.resolve);
  const running = workbench.lab('check');
  const call = await asked.promise;
  assert.equal((await workbench.pipe.list()).length, 1);
  call.exit(0);
  assert.equal((await running).code, 0);
});

test('several calls at once each get their own answer', async () => {
  await using workbench = await openWorkbench({}, (call) => {
    setTimeout(
      () => {
        call.print(`${call.argv[0]}`);
        call.exit(Number(call.argv[0]));
      },
      50 - Number(call.argv[0]) * 10,
    );
  });
  const answers = await Promise.all([1, 2, 3].map((number) => workbench.lab(String(number))));
  assert.deepEqual(
    answers.map(({ code, text }) => [code, text]),
    [
      [1, '1'],
      [2, '2'],
      [3, '3'],
    ],
  );
});

test('a word of any length, and any number of words, leave the pipe open', async () => {
  const seen: (readonly string[])[] = [];
  await using workbench = await openWorkbench({ a: 'x' }, (call) => {
    seen.push(call.argv);
    call.exit(2);
  });
  assert.equal((await workbench.lab('flag', 'x'.repeat(20_000))).code, 2);
  assert.equal((await workbench.lab(...Array(100).fill('x'))).code, 2);
  assert.ok(seen.every((argv) => argv.length <= 20 && argv.every((word) => word.length <= 4096)));
  assert.equal((await workbench.pipe.list()).length, 1);
});

test('rubbish at the socket costs its sender the connection and nobody else anything', async () => {
  await using workbench = await openWorkbench({ a: 'x' });
  const path = join(workbench.root, '../socket/lab.sock');
  for (const rubbish of [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.alloc(8, 0xff),
    encodeFrame(null),
    encodeFrame({ argv: 'x' }),
  ]) {
    const socket = connect(path, () => socket.end(rubbish));
    await new Promise((resolve) =>
      socket
        .on('close', resolve)
        .on('error', () => undefined)
        .resume(),
    );
  }
  assert.equal((await workbench.lab('status')).code, 0);
  assert.equal((await workbench.pipe.list()).length, 1);
});

test('a caller that goes away is not answered any more', async () => {
  const asked = Promise.withResolvers<LabCall>();
  await using workbench = await openWorkbench({ a: 'x' }, asked.resolve);
  const socket = connect(join(workbench.root, '../socket/lab.sock'), () =>
    socket.write(encodeFrame({ argv: ['check'] })),
  );
  const call = await asked.promise;
  socket.destroy();
  await workbench.pipe.list();
  call.print('too late');
  call.exit(0);
  assert.equal((await workbench.pipe.list()).length, 1);
});

test('a call that takes the terminal over gets what is typed and shows what it writes, to the last byte', async () => {
  const typed: Buffer[] = [];
  await using workbench = await openWorkbench({ a: 'x' }, async (call) => {
    const stream = call.attach(() => undefined);
    for await (const bytes of stream.output) typed.push(bytes);
    await stream.write(Buffer.concat(typed));
    stream.endInput();
    call.exit(7);
  });
  const keys = randomBytes(2_000_000);
  const answer = await workbench.typed(keys, 'shell');
  assert.equal(answer.code, 7);
  assert.ok(Buffer.concat(typed).equals(keys));
  assert.ok(answer.output.equals(keys));
});

test('a caller that goes away while its terminal is taken over is told to whoever took it', async () => {
  const gone = Promise.withResolvers<string>();
  await using workbench = await openWorkbench({ a: 'x' }, async (call) => {
    const stream = call.attach(() => undefined);
    call.gone.addEventListener('abort', () => gone.resolve('gone'));
    for await (const _ of stream.output);
    call.exit(0);
  });
  const socket = connect(join(workbench.root, '../socket/lab.sock'), () =>
    socket.write(encodeFrame({ argv: ['shell'], size: { cols: 80, rows: 24 } })),
  );
  await once(socket, 'data');
  socket.destroy();
  assert.equal(await gone.promise, 'gone');
  assert.equal((await workbench.lab('status').then(() => workbench.pipe.list())).length, 1);
});

test('input that nobody asked for costs its sender the connection', async () => {
  await using workbench = await openWorkbench({ a: 'x' }, () => undefined);
  const socket = connect(join(workbench.root, '../socket/lab.sock'), () =>
    socket.write(Buffer.concat([encodeFrame({ argv: ['check'] }), encodeFrame({ input: 'eA==' })])),
  );
  socket.on('error', () => undefined).resume();
  await once(socket, 'close');
  assert.equal((await workbench.pipe.list()).length, 1);
});

test('of too many calls at once the last are refused, even when their callers do not wait; answered ones make room', async () => {
  const calls: LabCall[] = [];
  await using workbench = await openWorkbench({ a: 'x' }, (call) => calls.push(call));
  const path = join(workbench.root, '../socket/lab.sock');
  for (let number = 0; number < 16; number++) {
    const socket = connect(path, () => socket.write(encodeFrame({ argv: ['check'] })));
    socket.on('error', () => undefined);
    while (calls.length <= number) await pause(5);
    socket.destroy();
  }
  const refused = await workbench.lab('check');
  assert.deepEqual([refused.code, refused.text], [2, 'Too many lab commands at once; let some of them end.\n']);
  for (const call of calls.splice(0)) call.exit(0);
  const asked = workbench.lab('check');
  while (calls.length === 0) await pause(5);
  calls[0]?.exit(1);
  assert.equal((await asked).code, 1);
});

test('without an agent lab says so, that the files are safe, and ends with the code of the environment', async () => {
  const workbench = await openWorkbench();
  workbench.pipe.close();
  await workbench.pipe.closed;
  const { code, text, complaint } = await workbench.lab('status');
  assert.equal(code, 3);
  assert.equal(text, '');
  assert.match(complaint, /cannot be reached .*Your files are safe/);
  await workbench[Symbol.asyncDispose]();
});
