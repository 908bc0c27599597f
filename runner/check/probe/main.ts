// Runs in the checker container: one JSON line in (CheckerInput), one JSON line out (CheckerOutput).
import { Console } from 'node:console';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import type { CheckerInput } from '../protocol.ts';
import { runCheckerInput } from './run-checker-input.ts';

// Standard output carries the result and nothing else, whatever a probe prints.
globalThis.console = new Console(process.stderr);

const input = JSON.parse(await text(process.stdin)) as CheckerInput;
const output = await runCheckerInput(input, tmpdir());
process.stdout.write(`${JSON.stringify(output)}\n`, () => process.exit(0));
