import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { connectTerminal, type TerminalState } from '../../site/src/workspace/terminal/connection.ts';

const GIVEN_UP_MS = 12_000;

/** The page's side over lines on which nothing ever happens by itself; time passes when it is told to. */
function overDeadLines(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const lines: { closed: boolean; onmessage: (event: { data: string }) => void }[] = [];
  const states: TerminalState[] = [];
  const connection = connectTerminal({
    address: () => 'ws://nowhere',
    size: () => ({ cols: 80, rows: 24 }),
    state: (state) => void states.push(state),
    draw: () => {},
    note: () => {},
    open() {
      const line = {
        closed: false,
        onmessage: () => {},
        close() {
          line.closed = true;
        },
      };
      lines.push(line);
      return line as unknown as WebSocket;
    },
  });
  return { connection, lines, states };
}

test('L6 a line on which no shell answers is given up for another', (t) => {
  const { connection, lines } = overDeadLines(t);
  t.mock.timers.tick(GIVEN_UP_MS - 1);
  assert.equal(lines.length, 1);
  t.mock.timers.tick(1);
  assert.deepEqual(
    lines.map(({ closed }) => closed),
    [true, false],
  );
  connection.close();
  t.mock.timers.tick(10 * GIVEN_UP_MS);
  assert.equal(lines.length, 2, 'closed by the learner, it does not come back');
});

test('L6 control: one on which a shell answered is kept', (t) => {
  const { lines, states } = overDeadLines(t);
  lines[0]?.onmessage({ data: JSON.stringify({ type: 'attached', seq: 0, skipped: 0 }) });
  assert.deepEqual(states, ['connected']);
  t.mock.timers.tick(10 * GIVEN_UP_MS);
  assert.equal(lines.length, 1);
});
