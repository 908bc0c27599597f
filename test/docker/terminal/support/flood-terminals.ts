import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { openTerminal, type TerminalClient } from './terminal-client.ts';
import type { HostReport } from './terminal-host.ts';

export interface Flood extends HostReport {
  readonly megabytes: number;
  readonly interruptP95Ms: number;
  readonly echoP95Ms: number;
  /** The same before the flood: what the machine takes as it is. */
  readonly calmEchoP95Ms: number;
  /** Lag of the measuring process itself, which reads all the floods: part of every echo it measured. */
  readonly ownLagP99Ms: number;
}

/** As many as a workbench has room for: each takes four of its 512 processes. */
const PER_CONTAINER = 50;
const KEYSTROKE_EVERY_MS = 100;
const CALM_MS = 2000;
/** A Ctrl-C that has not acted by then counts as having taken that long. */
const GIVEN_UP_MS = 5000;

/**
 * `count` terminals print `yes` for some seconds, while a key is typed every 100 ms into a quiet one in a container of
 * its own; then Ctrl-C is pressed in each, one after the other while the rest floods on. `interrupt` is what it types.
 */
export async function floodTerminals(count: number, seconds: number, interrupt = '\x03'): Promise<Flood> {
  const containers = Math.ceil(count / PER_CONTAINER);
  const host = fork(join(import.meta.dirname, 'terminal-host.ts'), [`${containers + 1}`]);
  const exited = once(host, 'exit');
  try {
    const [{ port }] = (await once(host, 'message')) as [{ port: number }];
    const quiet = await openTerminal(port, { target: `w${containers}`, name: 'quiet' });
    const calm = await keystrokes(quiet, CALM_MS);
    const floods = [];
    for (let at = 0; at < count; at++) {
      const target = `w${at % containers}`;
      const client = await openTerminal(port, { target, name: `f${at}`, keeps: false });
      floods.push(client);
    }
    for (const client of floods) client.type('yes\n');
    const own = monitorEventLoopDelay({ resolution: 10 });
    own.enable();
    host.send('start');
    const before = floods.reduce((sum, client) => sum + client.bytes(), 0);
    const echoes = await keystrokes(quiet, seconds * 1000);
    const megabytes = (floods.reduce((sum, client) => sum + client.bytes(), 0) - before) / 1e6;
    const ownLagP99Ms = own.percentile(99) / 1e6 - 10;
    own.disable();
    host.send('report');
    const [report] = (await once(host, 'message')) as [HostReport];
    const interrupts: number[] = [];
    for (const client of floods) {
      const began = performance.now();
      client.type(interrupt);
      await client.until(() => client.tail().includes('^C'), 'Ctrl-C acts', GIVEN_UP_MS).catch(() => undefined);
      interrupts.push(performance.now() - began);
    }
    return {
      ...report,
      megabytes,
      interruptP95Ms: p95(interrupts),
      echoP95Ms: p95(echoes),
      calmEchoP95Ms: p95(calm),
      ownLagP99Ms,
    };
  } finally {
    host.disconnect();
    await exited;
  }
}

/** How long each echo took, typing for so many milliseconds. */
async function keystrokes(quiet: TerminalClient, milliseconds: number): Promise<number[]> {
  const echoes: number[] = [];
  const until = performance.now() + milliseconds;
  for (let stroke = 0; performance.now() < until; stroke++) {
    const had = quiet.bytes();
    const began = performance.now();
    quiet.type('abcdefghij'[stroke % 10] ?? '');
    await quiet.until(() => quiet.bytes() > had, 'the key is echoed');
    echoes.push(performance.now() - began);
    await pause(KEYSTROKE_EVERY_MS);
  }
  return echoes;
}

const p95 = (values: number[]) => values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? Number.NaN;
