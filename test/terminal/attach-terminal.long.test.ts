import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { TERMINAL_WINDOW } from '#contract';
import { memorySessions } from '../server/support/memory-sessions.ts';
import { mustOpen, type TerminalClient, until } from '../server/support/open-terminal.ts';
import { startServer } from '../server/support/start-server.ts';
import { fakeKeeper, frame } from './support/fake-keeper.ts';

async function opened(t: TestContext, query?: string, options: Parameters<typeof fakeKeeper>[0] = {}) {
  const keeper = fakeKeeper(options);
  const server = await startServer(t, { sessions: memorySessions(keeper) });
  const { id } = await server.sessions.open('ann', 'access-control');
  const cookie = await server.cookie('ann');
  const open = (more?: string) => mustOpen(server, id, cookie, more);
  const client = await open(query);
  await until('an exec is made', () => keeper.attachments.length === 1);
  const [attachment] = keeper.attachments;
  assert.ok(attachment);
  return { server, keeper, open, client, attachment };
}

const text = (client: TerminalClient) => Buffer.concat(client.output).toString('latin1');
const settle = () => new Promise((resolve) => setTimeout(resolve, 150));

test('the exec is the keeper with an argv of its own, as the place says', async (t) => {
  const { attachment } = await opened(t, 'target=workbench&name=second');
  assert.deepEqual(attachment.spec.argv, ['/opt/drydock/keeper', 'attach', 'second', '--', '/bin/bash', '-l']);
  assert.equal(attachment.spec.user, '1000');
});

test('bytes go both ways unchanged, whatever they are', async (t) => {
  const { client } = await opened(t);
  const every = Buffer.from(Array.from({ length: 256 }, (_, at) => at)).filter((byte) => byte !== 3);
  client.ws.send(every);
  await until('echoed', () => client.bytes() === every.length);
  assert.deepEqual(Buffer.concat(client.output), every);
});

test('the first screen size is in the greeting, later ones follow', async (t) => {
  const { client, attachment } = await opened(t, 'target=workbench&cols=132&rows=43');
  client.say({ type: 'resize', cols: 100, rows: 30 });
  await until('resized', () => attachment.sizes.length === 2);
  assert.deepEqual(attachment.sizes, [
    [132, 43],
    [100, 30],
  ]);
});

test('what was typed before the exec stood is not lost', async (t) => {
  const keeper = fakeKeeper();
  const sessions = memorySessions(keeper);
  const server = await startServer(t, {
    sessions: {
      ...sessions,
      async terminal() {
        const place = keeper.place();
        const exec: typeof place.engine.exec = async (id, spec) => {
          await new Promise((resolve) => setTimeout(resolve, 200));
          return place.engine.exec(id, spec);
        };
        return { ...place, engine: { ...place.engine, exec } };
      },
    },
  });
  const { id } = await sessions.open('ann', 'access-control');
  const client = await mustOpen(server, id, await server.cookie('ann'));
  client.type('early');
  await until('echoed', () => text(client) === 'early');
});

test('when the shell ends, its code is told and the socket closes', async (t) => {
  const { client, attachment } = await opened(t);
  client.type('exit 7');
  assert.deepEqual(await client.closed, { code: 1000, reason: 'the shell ended' });
  assert.deepEqual(client.messages.at(-1), { type: 'exit', code: 7 });
  assert.equal(attachment.closed, true);
});

test('L6 `close` ends the shell at once, though its output is stopped, and the exec with it', async (t) => {
  const { client, attachment } = await opened(t);
  client.type('flood');
  await until('the window is full', () => client.bytes() >= TERMINAL_WINDOW);
  client.say({ type: 'close' });
  assert.deepEqual(await client.closed, { code: 1000, reason: 'the shell ended' });
  assert.deepEqual(client.messages.at(-1), { type: 'exit', code: 129 });
  assert.equal(attachment.closed, true);
});

test('L6 control: without `close` the exec is released and the shell outlives the socket', async (t) => {
  const { client, attachment, open } = await opened(t);
  client.type('kept');
  await until('echoed', () => text(client) === 'kept');
  client.ws.close();
  await client.closed;
  await until('released', () => attachment.closed);
  const again = await open();
  await until('replayed', () => text(again) === 'kept');
});

test('L6 after a cut, a client goes on with the byte it asks for; what the ring lost is counted', async (t) => {
  const { client, open } = await opened(t);
  client.type('hello');
  await until('echoed', () => text(client) === 'hello');
  client.ws.terminate();

  const again = await open('target=workbench&from=2');
  await until('replayed', () => text(again) === 'llo');
  assert.deepEqual(again.messages[0], { type: 'attached', seq: 2, skipped: 0 });
  again.ws.terminate();

  const fresh = await open();
  await until('replayed from the oldest', () => text(fresh) === 'hello');
  for (let part = 0; part < 5; part++) fresh.ws.send(Buffer.alloc(64 * 1024, 'a'));
  await until('echoed', () => fresh.bytes() === 5 + 5 * 65_536);
  const late = await open('target=workbench&from=0');
  await until('attached', () => late.messages.length > 0);
  assert.deepEqual(late.messages[0], { type: 'attached', seq: 5 + 65_536, skipped: 5 + 65_536 });
});

test('P4 output to a client that never acknowledges stops exactly at the window, and so does the pulling', async (t) => {
  const { client, attachment } = await opened(t);
  client.type('flood');
  await until('the window is full', () => client.bytes() >= TERMINAL_WINDOW);
  await settle();
  assert.equal(client.bytes(), TERMINAL_WINDOW);
  const { pulled } = attachment;
  assert.ok(pulled <= TERMINAL_WINDOW + 64 * 1024, `${pulled} bytes pulled`);
  await settle();
  assert.equal(attachment.pulled, pulled);

  client.say({ type: 'ack', bytes: 100_000 });
  await until('it goes on by as much', () => client.bytes() >= TERMINAL_WINDOW + 100_000);
  await settle();
  assert.equal(client.bytes(), TERMINAL_WINDOW + 100_000);
});

test('control: a client that acknowledges gets far past the window', async (t) => {
  const { client } = await opened(t);
  client.ws.on('message', () => client.say({ type: 'ack', bytes: client.bytes() }));
  client.type('flood');
  await until('many windows', () => client.bytes() > 8 * TERMINAL_WINDOW);
  client.type('\x03');
});

test('P3 Ctrl-C gets through while output is stopped', async (t) => {
  const { client, attachment } = await opened(t);
  client.type('flood');
  await until('the window is full', () => client.bytes() >= TERMINAL_WINDOW);
  const start = performance.now();
  client.type('\x03');
  await until('interrupted', () => !attachment.flooding);
  assert.ok(performance.now() - start < 300);
});

test('P4 a client that acknowledges without reading does not make the server hoard', async (t) => {
  const { client, attachment } = await opened(t);
  client.type('flood');
  await until('it flows', () => client.bytes() > 0);
  client.ws.pause();
  const before = process.memoryUsage().rss;
  let claimed = client.bytes();
  for (let round = 0; round < 200; round++) {
    claimed = Math.min(claimed + 65_536, attachment.pulled - 70_000);
    client.say({ type: 'ack', bytes: claimed });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const { pulled } = attachment;
  await settle();
  assert.ok(attachment.pulled - pulled < 2 ** 20, 'it stopped pulling');
  assert.ok(process.memoryUsage().rss - before < 64 * 2 ** 20);
});

test('a keeper that breaks its protocol ends the terminal with a problem', async (t) => {
  const greeting = Buffer.alloc(16);
  const floods: [string, Buffer][] = [
    ['output before the greeting', frame('o', Buffer.from('x'))],
    ['an unknown frame', Buffer.concat([frame('a', greeting), frame('z', Buffer.alloc(3))])],
    ['a greeting of the wrong size', frame('a', Buffer.alloc(15))],
    ['a count beyond reason', frame('a', Buffer.alloc(16, 0xff))],
    ['two greetings', Buffer.concat([frame('a', greeting), frame('a', greeting)])],
  ];
  for (const [name, bytes] of floods) {
    const { client, attachment } = await opened(t, undefined, { mute: true });
    attachment.emit(bytes);
    assert.equal((await client.closed).code, 1011, name);
    assert.equal(client.messages.at(-1)?.type, 'problem', name);
    assert.equal(attachment.closed, true, name);
  }
});

test('an exec that dies says why; one let go for another window says that', async (t) => {
  const dead = await opened(t, undefined, { mute: true });
  dead.attachment.end(126, 'keeper: not found');
  assert.equal((await dead.client.closed).code, 1011);
  assert.match(JSON.stringify(dead.client.messages), /126.*keeper: not found/);
  const replaced = await opened(t);
  await until('attached', () => replaced.client.messages.length > 0);
  replaced.attachment.end(0);
  assert.equal((await replaced.client.closed).code, 4003);
});
