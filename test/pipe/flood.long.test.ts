import assert from 'node:assert/strict';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { LabCall } from '../../runner/pipe/lab-calls.ts';
import { openAgent, openWorkbench } from './support/workbench.ts';

const program = join(import.meta.dirname, 'support/hostile-agent.ts');
const MIB = 2 ** 20;
const SECONDS = 5;
const BLOCKED_MS = 100;
const GROWN_MIB = 150;

interface Measured {
  /** Longest time the event loop did not turn, milliseconds. */
  readonly blocked: number;
  readonly grown: number;
  /** Slowest answer of somebody else's workbench, milliseconds. */
  readonly slowest: number;
  readonly answers: number;
}

/** What a runner and another session feel while something goes on. */
async function measure(seconds: number): Promise<Measured> {
  await using neighbour = await openWorkbench({ a: 'x' });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const before = process.memoryUsage().rss;
  let [grown, slowest, answers] = [0, 0, 0];
  delay.enable();
  for (const until = performance.now() + seconds * 1000; performance.now() < until; answers++) {
    const asked = performance.now();
    await neighbour.pipe.list();
    slowest = Math.max(slowest, performance.now() - asked);
    grown = Math.max(grown, (process.memoryUsage().rss - before) / MIB);
    await pause(20);
  }
  delay.disable();
  return { blocked: delay.max / 1e6, grown, slowest, answers };
}

const breach = ({ blocked, grown }: Measured) => blocked > BLOCKED_MS || grown > GROWN_MIB;

/** The machine may stop us as well as the flood: of three tries one must be within the bounds. */
async function flooded(mode: string, detail = '', onLab?: (call: LabCall) => void): Promise<Measured> {
  for (let tries = 1; ; tries++) {
    const { pipe } = await openAgent([program, mode, detail], {}, onLab ? { onLab } : {});
    const measured = await measure(SECONDS);
    pipe.close();
    await pipe.closed;
    if (!breach(measured) || tries === 3) return measured;
  }
}

function within(measured: Measured) {
  const text = JSON.stringify(measured);
  assert.ok(!breach(measured), text);
  assert.ok(measured.slowest < 500 && measured.answers > 30, text);
}

for (const kind of ['changed', 'answer', 'large answer', 'answer of many values', 'part', 'data', 'every kind']) {
  test(`a flood of messages (${kind}) for 5 s neither stops the runner, nor fills it, nor delays others`, async (t) => {
    const measured = await flooded('floods with', kind);
    t.diagnostic(JSON.stringify(measured));
    within(measured);
  });
}

test('calls of lab for 5 s, given up at once and with sizes that change, neither stop the runner nor fill it', async (t) => {
  let calls = 0;
  const measured = await flooded('calls lab, answered or not', '', (call) => {
    calls++;
    call.attach(() => undefined);
    call.print('x'.repeat(1000));
    call.exit(0);
  });
  t.diagnostic(JSON.stringify(measured));
  within(measured);
  assert.ok(calls > 64, `${calls} calls`);
});

test('control: a runner that is stopped for a moment, or filled, is measured as such', async () => {
  const stopped = measure(1);
  await pause(300);
  for (const until = performance.now() + 300; performance.now() < until; );
  assert.ok(breach(await stopped));
  const filled = measure(1);
  await pause(300);
  const held = Buffer.alloc(2 * GROWN_MIB * MIB, 1);
  assert.ok(breach(await filled));
  assert.ok(held.length > 0);
});
