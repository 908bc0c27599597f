import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program of this folder in a process of its own. */
export interface Child {
  readonly process: ChildProcess;
  /** What it printed so far, whole lines only. */
  readonly lines: readonly string[];
  /** Resolves when it has printed so many lines. Throws when it ends before. */
  printed(count: number): Promise<void>;
  /** Resolves with its code or signal, all its lines read. */
  ended(): Promise<number | string>;
}

export function runChild(program: string, ...args: readonly string[]): Child {
  const child = spawn(process.execPath, [fileURLToPath(program), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const read = once(reader, 'close');
  const exit = once(child, 'exit');
  return {
    process: child,
    lines,
    async printed(count) {
      while (lines.length < count) {
        const line = once(reader, 'line');
        await Promise.race([line, read]);
        if (lines.length < count && child.exitCode !== null) throw new Error(`it ended after ${lines.length} lines`);
      }
    },
    async ended() {
      const [code, signal] = await exit;
      await read;
      return signal ?? code;
    },
  };
}
