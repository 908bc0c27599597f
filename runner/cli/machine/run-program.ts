import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';

export interface ProgramEnd {
  readonly code: number;
  readonly last: readonly string[];
}

/** Runs a program without input, tells its lines, and answers its exit code and last 20 lines. 127: not there. */
export async function runProgram(
  argv: readonly [string, ...string[]],
  options: { cwd?: string; environment: NodeJS.ProcessEnv; told: (line: string) => void },
): Promise<ProgramEnd> {
  const [program, ...args] = argv;
  const last: string[] = [];
  const child = spawn(program, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { promise, resolve } = Promise.withResolvers<number>();
  child.on('error', (error) => {
    last.push(error.message);
    resolve(127);
  });
  child.on('close', (code) => resolve(code ?? 128));
  const lines = new PassThrough();
  for (const stream of [child.stdout, child.stderr]) stream.pipe(lines, { end: false });
  createInterface({ input: lines }).on('line', (line) => {
    last.push(line);
    if (last.length > 20) last.shift();
    options.told(line);
  });
  const code = await promise;
  lines.end();
  return { code, last };
}
