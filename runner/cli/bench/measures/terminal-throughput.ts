import { type BenchTerminal, drydockTerminal, rawTerminal } from '../bench-terminal.ts';
import { type Measure, timed } from '../measure.ts';
import { readMark } from '../read-mark.ts';

const BYTES = 64 * 1024 * 1024;
const BYTES_PER_MS_TO_MB_PER_S = 1000;

/** Output of a program that prints as fast as it can, read and acknowledged to its end. */
export const terminalThroughput: Measure = {
  name: 'terminal.throughput',
  unit: 'MB/s',
  good: 'large',
  goal: 1.1,
  runs: 3,
  bound: 'the same output read from an exec with a terminal',
  async prepare(bed) {
    const drydock = await drydockTerminal(bed, await bed.session(), 'flood');
    const raw = await rawTerminal(bed, await bed.launch());
    const rate = async (terminal: BenchTerminal) => {
      const took = await timed(bed.clock, () => flood(terminal));
      return [BYTES / took / BYTES_PER_MS_TO_MB_PER_S];
    };
    return { drydock: () => rate(drydock), raw: () => rate(raw) };
  },
};

async function flood(terminal: BenchTerminal): Promise<void> {
  const printed = readMark(terminal, 'over\r\n', BYTES);
  terminal.type(`head -c ${BYTES} /dev/zero; printf 'ov%s\\n' er\n`);
  await printed;
}
