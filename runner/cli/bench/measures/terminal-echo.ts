import { DrydockError } from '#contract';
import { type BenchTerminal, drydockTerminal, rawTerminal } from '../bench-terminal.ts';
import { type Measure, timed } from '../measure.ts';
import { readMark } from '../read-mark.ts';

const KEYSTROKES = 100;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** One byte typed until its echo is back, over and over. */
export const terminalEcho: Measure = {
  name: 'terminal.echo',
  unit: 'ms',
  good: 'small',
  goal: 1.8,
  runs: 10,
  bound: 'the same typed into an exec with a terminal',
  async prepare(bed) {
    const drydock = await drydockTerminal(bed, await bed.session(), 'echo');
    const raw = await rawTerminal(bed, await bed.launch());
    await Promise.all([drydock, raw].map(quieten));
    const keystrokes = async (terminal: BenchTerminal) => {
      const values: number[] = [];
      while (values.length < KEYSTROKES) {
        const letter = LETTERS[values.length % LETTERS.length] ?? '';
        values.push(await timed(bed.clock, () => keystroke(terminal, letter)));
      }
      return values;
    };
    return { drydock: () => keystrokes(drydock), raw: () => keystrokes(raw) };
  },
};

/** Leaves nothing that answers but the terminal's own echo, character by character. */
async function quieten(terminal: BenchTerminal): Promise<void> {
  terminal.type("stty -icanon; printf 'qui%s\\n' et; exec cat > /dev/null\n");
  await readMark(terminal, 'quiet\r\n');
}

/** Each letter another than the one before: a late echo must not be taken for the next one's. */
async function keystroke(terminal: BenchTerminal, letter: string): Promise<void> {
  let echo = '';
  const echoed = terminal.read((bytes) => {
    echo += bytes.toString('latin1');
    return echo.length > 0;
  });
  terminal.type(letter);
  await echoed;
  if (echo !== letter)
    throw new DrydockError('workbench-lost', `"${letter}" was typed and ${JSON.stringify(echo)} came.`);
}
