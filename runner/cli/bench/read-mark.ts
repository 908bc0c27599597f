import type { BenchTerminal } from './bench-terminal.ts';

/** Reads until `mark` has been printed, after at least `least` bytes. */
export async function readMark(terminal: BenchTerminal, mark: string, least = 0): Promise<void> {
  let seen = 0;
  let tail = '';
  await terminal.read((bytes) => {
    seen += bytes.length;
    if (seen < least) return false;
    tail = (tail + bytes.toString('latin1')).slice(-1000 - mark.length);
    return tail.includes(mark);
  });
}
