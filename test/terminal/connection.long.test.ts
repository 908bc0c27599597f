import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { WebSocket as Socket } from 'ws';
import { connectTerminal, type TerminalState } from '../../site/src/workspace/terminal/connection.ts';
import { until } from '../server/support/open-terminal.ts';
import { startServer } from '../server/support/start-server.ts';

/** The page's side of a terminal, with its real server and a fake keeper behind it. */
async function page(t: TestContext) {
  const server = await startServer(t);
  const { id } = await server.sessions.open('ann', 'access-control');
  const headers = { origin: server.origin, cookie: await server.cookie('ann') };
  const { attachments } = server.sessions.keeper;

  function open() {
    const sockets: Socket[] = [];
    const states: TerminalState[] = [];
    const notes: string[] = [];
    let text = '';
    const connection = connectTerminal({
      address: ({ from }) =>
        `ws://127.0.0.1:${server.port}/api/sessions/${id}/terminal?target=workbench${from === null ? '' : `&from=${from}`}`,
      size: () => ({ cols: 80, rows: 24 }),
      state: (state) => void states.push(state),
      draw(bytes, drawn) {
        text += Buffer.from(bytes).toString('latin1');
        drawn();
      },
      note: (note) => void notes.push(note),
      open(address) {
        const socket = new Socket(address, { headers });
        socket.on('error', () => undefined);
        sockets.push(socket);
        return socket as unknown as WebSocket;
      },
    });
    t.after(connection.close);
    const type = (line: string) => connection.type(new TextEncoder().encode(line));
    return { connection, sockets, states, notes, type, text: () => text, state: () => states.at(-1) };
  }
  return { open, attachments };
}

test('L6 a cut in the middle of output: nothing is lost, nothing comes twice', async (t) => {
  const { open } = await page(t);
  const terminal = open();
  await until('connected', () => terminal.state() === 'connected');
  for (let round = 0; round < 20; round++) {
    terminal.type(`${round};`);
    await until('echoed', () => terminal.text().endsWith(`${round};`));
    terminal.sockets.at(-1)?.terminate();
    await until('it is back', () => terminal.state() === 'connected' && terminal.sockets.length === round + 2);
  }
  assert.equal(terminal.text(), Array.from({ length: 20 }, (_, round) => `${round};`).join(''));
  assert.deepEqual(terminal.notes, []);
});

test('L6 what the ring no longer had is said, with how much it was', async (t) => {
  const { open } = await page(t);
  const terminal = open();
  await until('connected', () => terminal.state() === 'connected');
  for (let part = 0; part < 5; part++) terminal.type('a'.repeat(64 * 1024));
  await until('echoed', () => terminal.text().length === 5 * 65_536);
  const late = open();
  await until('replayed', () => late.text().length === 4 * 65_536);
  assert.deepEqual(late.notes, ['the first 65536 bytes are no longer kept']);
});

test('a shell opened in another window is left to it, until it is asked for here', async (t) => {
  const { open, attachments } = await page(t);
  const terminal = open();
  await until('connected', () => terminal.state() === 'connected');
  attachments[0]?.end(0);
  await until('elsewhere', () => terminal.state() === 'elsewhere');
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.equal(terminal.sockets.length, 1, 'it does not take the shell back by itself');
  terminal.connection.again();
  await until('connected', () => terminal.state() === 'connected');
});

test('L6 ending closes the shell, then the line', async (t) => {
  const { open, attachments } = await page(t);
  const terminal = open();
  await until('connected', () => terminal.state() === 'connected');
  terminal.connection.end();
  await until('closed', () => terminal.state() === 'closed');
  assert.equal(attachments[0]?.closed, true);
  assert.equal(terminal.sockets.length, 1);
});

test('L6 ending without a line waits for the next one', async (t) => {
  const { open, attachments } = await page(t);
  const terminal = open();
  await until('connected', () => terminal.state() === 'connected');
  terminal.sockets[0]?.terminate();
  await until('cut', () => terminal.state() === 'reconnecting');
  terminal.connection.end();
  await until('closed', () => terminal.state() === 'closed');
  assert.equal(terminal.sockets.length, 2);
  await until('its exec is gone', () => attachments.every((one) => one.closed));
});

test('control: leaving does not end the shell', async (t) => {
  const { open } = await page(t);
  const terminal = open();
  await until('connected', () => terminal.state() === 'connected');
  terminal.type('kept');
  await until('echoed', () => terminal.text() === 'kept');
  terminal.connection.close();
  const again = open();
  await until('replayed', () => again.text() === 'kept');
});
