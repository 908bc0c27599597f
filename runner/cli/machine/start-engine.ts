import { spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DrydockError } from '#contract';
import type { CliContext } from '../context.ts';
import { askEngine } from './ask-engine.ts';
import { markProcess } from './process-mark.ts';
import { findProgram, type Machine } from './read-machine.ts';
import { runProgram } from './run-program.ts';
import { writeState } from './state-file.ts';

const ANSWER_MS = 60_000;
export const engineFile = (home: string) => join(home, 'dockerd.json');
const logFile = (home: string) => join(home, 'dockerd.log');

/** Starts the installed engine, as root, and waits until it answers. Throws DrydockError `environment`. */
export async function startEngine(context: CliContext, machine: Machine, told: (line: string) => void): Promise<void> {
  if (machine.systemd) await startUnit(context, told);
  else await startDaemon(context, told);
}

async function startUnit(context: CliContext, told: (line: string) => void): Promise<void> {
  const { code, last } = await runProgram(['systemctl', 'start', 'docker'], { environment: context.environment, told });
  const hint = 'Run: journalctl -u docker -n 50   It says why. Mend that, then run npm start.';
  if (code !== 0)
    throw new DrydockError('environment', `The container engine does not start: ${last.join(' ')}`, { hint });
  if (!(await answers(context, () => true))) {
    throw new DrydockError('environment', 'The container engine was started and does not answer within a minute.', {
      hint,
    });
  }
}

/** Where nothing looks after services: dockerd as a process of its own that outlives this one. */
async function startDaemon(context: CliContext, told: (line: string) => void): Promise<void> {
  const program = (await findProgram('dockerd', context.environment)) ?? 'dockerd';
  const path = `${context.environment.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;
  await mkdir(context.home, { recursive: true, mode: 0o700 });
  const log = await open(logFile(context.home), 'w', 0o600);
  const child = spawn(program, [], {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: { ...context.environment, PATH: path },
  });
  await log.close();
  let ended = false;
  child.on('error', () => (ended = true));
  child.on('exit', () => (ended = true));
  child.unref();
  told(`Started dockerd; it writes to ${logFile(context.home)}`);
  if (await answers(context, () => !ended)) {
    if (child.pid) await writeState(engineFile(context.home), await markProcess(child.pid));
    return;
  }
  if (!ended) child.kill('SIGTERM');
  throw new DrydockError(
    'environment',
    `dockerd does not start. The last lines of its log:\n${await lastLines(context.home)}`,
    {
      hint: `Mend what ${logFile(context.home)} complains about, then run npm start. Nothing was left running.`,
    },
  );
}

async function answers(context: CliContext, alive: () => boolean): Promise<boolean> {
  for (const until = context.clock() + ANSWER_MS; context.clock() < until && alive(); await pause(200)) {
    if ((await askEngine(context.engine.address)).kind === 'ready') return true;
  }
  return false;
}

async function lastLines(home: string): Promise<string> {
  const text = await readFile(logFile(home), 'utf8').catch(() => '');
  return text
    .trimEnd()
    .split('\n')
    .slice(-8)
    .map((line) => `  ${line}`)
    .join('\n');
}
