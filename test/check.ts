// `npm run check`: what a change must pass before it is committed, in under a minute. `--fix` formats first;
// `--no-tests` leaves the unit tests to whoever runs them anyway.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, styleText } from 'node:util';
import { testFiles } from './support/test-groups.ts';

interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** What to run or do when it fails. */
  readonly repair: string;
}

const root = join(import.meta.dirname, '..');
/** Read the built site, which takes too long to build here; `npm test` runs them. */
const NEEDS_BUILD = join(root, 'test/site/');
const AT_ONCE = 2;

const { values } = parseArgs({
  options: { fix: { type: 'boolean', default: false }, 'no-tests': { type: 'boolean', default: false } },
});
const node = (file: string, ...args: string[]) => [process.execPath, join(root, 'node_modules', file), ...args];
const biome = (...args: string[]) =>
  node('@biomejs/biome/bin/biome', 'check', '--max-diagnostics=20', '--error-on-warnings', ...args);

const unitTests = testFiles(root, 'unit', []).filter((file) => !file.startsWith(NEEDS_BUILD));
const folders = ['runner', 'site', 'labs', 'scenarios', 'test'].filter((folder) => existsSync(join(root, folder)));

/** The longest first, so that two at a time end together. */
const steps: readonly Step[] = [
  {
    name: 'unit tests',
    command: [process.execPath, '--test', '--test-concurrency=2', '--test-reporter=dot', ...unitTests],
    repair: 'node --test FILE runs one file alone.',
  },
  {
    name: 'types of the site',
    command: node('astro/bin/astro.mjs', 'check', '--root', 'site', '--minimumSeverity', 'error'),
    repair: 'Correct the lines named; site/tsconfig.json is the strictness.',
  },
  {
    name: 'types',
    command: node(
      'typescript/bin/tsc',
      '-p',
      '.',
      '--incremental',
      '--tsBuildInfoFile',
      'node_modules/.cache/tsc.json',
    ),
    repair: 'Correct the lines named; tsconfig.json is the strictness.',
  },
  {
    name: 'directions',
    command: node('dependency-cruiser/bin/dependency-cruiser.mjs', ...folders, '--output-type', 'err-long'),
    repair: 'Each finding says how to repair it; ARCHITECTURE.md draws who may import whom.',
  },
  {
    name: 'dead code',
    command: node('knip/bin/knip.js', '--no-progress'),
    repair: 'Delete what nothing uses, or export it no longer; knip.json names the entries.',
  },
  { name: 'format and lint', command: biome(), repair: 'npm run check -- --fix formats and mends what it safely can.' },
];

function run({ command }: Step): Promise<{ ok: boolean; output: string; seconds: number }> {
  const started = performance.now();
  const [program = '', ...args] = command;
  const env = { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' };
  const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (bytes) => chunks.push(bytes));
  child.stderr.on('data', (bytes) => chunks.push(bytes));
  return new Promise((resolve) => {
    const end = (ok: boolean, output: string) => resolve({ ok, output, seconds: (performance.now() - started) / 1000 });
    child.on('error', (error) => end(false, error.message));
    child.on('close', (code) => end(code === 0, Buffer.concat(chunks).toString().trimEnd()));
  });
}

async function runAndPrint(step: Step): Promise<boolean> {
  const { ok, output, seconds } = await run(step);
  const mark = ok ? styleText('green', 'ok') : styleText('red', 'no');
  console.log(`${mark}  ${step.name.padEnd(18)} ${seconds.toFixed(1).padStart(5)} s`);
  if (!ok) console.log(`${output}\n${styleText('bold', `Repair ${step.name}:`)} ${step.repair}\n`);
  return ok;
}

if (values.fix) await run({ name: 'format', command: biome('--write'), repair: '' });

const started = performance.now();
const waiting = steps.filter(({ name }) => !(values['no-tests'] && name === 'unit tests'));
const failed: string[] = [];
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      if (!(await runAndPrint(step))) failed.push(step.name);
    }
  }),
);

const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(failed.length === 0 ? `All fine in ${seconds} s.` : `Findings in: ${failed.join(', ')} (${seconds} s).`);
process.exitCode = failed.length === 0 ? 0 : 1;
