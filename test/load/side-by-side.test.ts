import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { LABEL } from '../../runner/core/labels/labels.ts';
import { subnetPool } from '../../runner/engine/subnets.ts';
import { ownTerminal } from '../docker/bars/support/own-terminal.ts';
import { course } from '../docker/support/course.ts';

/** Sessions side by side at which is measured. */
const AT = (process.env.DRYDOCK_SESSIONS ?? '1,10,30').split(',').map(Number);
const KEYS = 100;
const PACE_MS = 50;
const MIB = 2 ** 20;

const all = await course(undefined, subnetPool({ base: '10.213.192.0/20', prefix: 28 }));
const open: { readonly id: string; readonly seconds: number }[] = [];

async function openFor(learner: number): Promise<void> {
  const began = performance.now();
  const session = await all.open(`learner-${learner}`);
  assert.equal(session.state, 'ready', JSON.stringify(session.problem));
  open.push({ id: session.id, seconds: (performance.now() - began) / 1000 });
}

/** Working set of all containers, MiB; and what the machine as a whole has less than before, MiB. */
async function memory(before: number) {
  const { containers } = await all.docker.list(all.labels);
  const sets = await Promise.all(containers.map(({ id }) => all.docker.workingSet(id)));
  return {
    containers: containers.length,
    sets: sets.reduce((sum, bytes) => sum + bytes, 0) / MIB,
    machine: (before - (await available())) / MIB,
  };
}

async function available(): Promise<number> {
  return Number(/^MemAvailable:\s+(\d+)/m.exec(await readFile('/proc/meminfo', 'utf8'))?.[1]) * 1024;
}

const at = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

/** Echo in the first session, whose neighbours do nothing. */
async function echo(): Promise<number[]> {
  const terminal = await ownTerminal(all, 'learner-0', open[0]?.id ?? '');
  try {
    return await terminal.echoes(KEYS, PACE_MS);
  } finally {
    terminal.close();
  }
}

test(`P1 ${AT.join(', ')} sessions side by side: memory, start and echo`, async (t) => {
  const before = await available();
  for (const count of AT) {
    const from = open.length;
    await Promise.all(Array.from({ length: count - from }, (_, at) => openFor(from + at)));
    const { containers, sets, machine } = await memory(before);
    const echoes = await echo();
    const starts = open.slice(from).map(({ seconds }) => seconds);
    t.diagnostic(
      [
        `${count} sessions, ${containers} containers`,
        `working set ${(sets / count).toFixed(0)} MiB a session, the machine has ${(machine / count).toFixed(0)} MiB a session less`,
        `start p50 ${at(starts, 0.5).toFixed(1)} s, p95 ${at(starts, 0.95).toFixed(1)} s, asked for together`,
        `echo p50 ${at(echoes, 0.5).toFixed(1)} ms, p95 ${at(echoes, 0.95).toFixed(1)} ms`,
      ].join('; '),
    );
    assert.ok(at(echoes, 0.95) < 250, 'a calm session echoes');
  }
  const sessions = new Set((await all.docker.list(all.labels)).containers.map(({ labels }) => labels[LABEL.session]));
  assert.equal(sessions.size, Math.max(...AT));
});
