import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { readOwner } from '../../runner/cli/down/read-owner.ts';
import { LABEL } from '../../runner/core/labels/labels.ts';
import { parseDockerHost } from '../../runner/engine/connect.ts';
import { dockerEngine } from '../../runner/engine/docker/docker-engine.ts';
import { refusingEngine } from './support/refusing-engine.ts';

const root = join(import.meta.dirname, '../..');
const address = parseDockerHost(process.env.DOCKER_HOST);
const socket = 'socketPath' in address ? address.socketPath : assert.fail('these tests reach the engine by a socket');
const engine = dockerEngine({ address });

const Spread = z.object({ p50: z.number().positive(), p95: z.number().positive() });
const Report = z.object({
  machine: z.object({ cpus: z.int().positive(), engine: z.string().min(1) }),
  results: z.array(
    z.object({
      name: z.string(),
      unit: z.enum(['ms', 'MB/s']),
      runs: z.int(),
      drydock: Spread,
      raw: Spread,
      ratio: z.number().positive(),
      goal: z.number(),
      met: z.boolean(),
    }),
  ),
});

/** More containers, networks and volumes than one launch of the lab has. */
const ONE_SIDE = 30;

interface Bench {
  readonly child: ChildProcess;
  /** How many containers, networks and volumes of this bench there are. */
  things(): Promise<number>;
  /** Exit code and what was printed. */
  readonly ended: Promise<{ code: number | null; out: string; said: string }>;
}

async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-bench-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** `./drydock bench …` with a home of its own, in a process group of its own, as a terminal would start it. */
function bench(home: string, args: string[], environment: NodeJS.ProcessEnv = {}): Bench {
  const child = spawn(process.execPath, [join(root, 'runner/cli/drydock.ts'), 'bench', ...args], {
    env: { ...process.env, DRYDOCK_HOME: home, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const text = { out: '', said: '' };
  child.stdout.on('data', (bytes) => (text.out += bytes));
  child.stderr.on('data', (bytes) => (text.said += bytes));
  return {
    child,
    ended: once(child, 'close').then(([code]) => ({ code, ...text })),
    async things() {
      const owner = await readOwner(join(home, 'bench'));
      if (!owner) return 0;
      const { containers, networks, volumes } = await engine.list({ [LABEL.owner]: owner });
      return containers.length + networks.length + volumes.length;
    },
  };
}

/** Waits until it has made a lab and begun the same by the raw engine. */
async function bothSides({ child, things, ended }: Bench): Promise<void> {
  while (child.exitCode === null) {
    if ((await things()) > ONE_SIDE) return;
    await pause(100);
  }
  assert.fail((await ended).said);
}

test('bench measures all five beside the raw engine, in figures that can be, and leaves nothing', async (t) => {
  const run = bench(await folderOf(t), ['--runs', '1', '--json']);
  const { code, out, said } = await run.ended;
  assert.ok(code === 0 || code === 1, said);
  const { results } = Report.parse(JSON.parse(out));
  assert.deepEqual(
    results.map(({ name }) => name),
    ['start.cold', 'apply.one', 'check.full', 'terminal.echo', 'terminal.throughput'],
  );
  for (const { name, unit, drydock, raw, ratio, goal, met } of results) {
    const [above, below] = unit === 'ms' ? [drydock, raw] : [raw, drydock];
    assert.equal(ratio, above.p50 / below.p50, name);
    assert.equal(met, ratio <= goal, name);
    // A container cannot be made in 20 ms, nor anything here take a minute: that would be a broken measure.
    const [least, most] = name.startsWith('terminal.') ? [0.01, 2000] : [20, 60_000];
    for (const side of [drydock, raw]) assert.ok(side.p50 > least && side.p50 < most, `${name}: ${side.p50} ${unit}`);
  }
  assert.equal(code, results.every(({ met }) => met) ? 0 : 1);
  assert.equal(await run.things(), 0);
});

const REFUSALS = [
  {
    what: 'a service of the lab cannot be made',
    measure: 'start',
    refuse: /containers\/create\?name=drydock-\w+-gateway-1 /,
  },
  {
    what: 'a checker cannot be made',
    measure: 'check',
    refuse: /containers\/create\?name=drydock-\w+-check-accounts-\w+ /,
  },
  {
    what: 'the raw side cannot make a checker',
    measure: 'check',
    refuse: /containers\/create\?name=drydock-\w+-check-\S+-\d /,
  },
  { what: 'control: the engine refuses nothing', measure: 'check', refuse: /^never$/ },
];

for (const { what, measure, refuse } of REFUSALS) {
  test(`bench of ${measure} when ${what}: says so by its exit code, and leaves nothing`, async (t) => {
    const folder = await folderOf(t);
    const way = await refusingEngine(folder, socket, refuse);
    t.after(way.close);
    const run = bench(folder, [measure, '--runs', '1'], { DOCKER_HOST: way.host });
    const { code, out, said } = await run.ended;
    const control = what.startsWith('control');
    assert.equal(way.refused.length > 0, !control);
    assert.equal(out.includes('check.full'), control, said);
    if (control) assert.ok(code === 0 || code === 1, said);
    else {
      assert.equal(code, 3, said);
      assert.match(said, /no space left on device/);
    }
    assert.equal(await run.things(), 0);
  });
}

test('Ctrl-C ends a bench with 130, and nothing of it is left', async (t) => {
  const run = bench(await folderOf(t), ['apply', '--runs', '1000']);
  await bothSides(run);
  process.kill(-(run.child.pid ?? assert.fail('it runs')), 'SIGINT');
  const { code, said } = await run.ended;
  assert.equal(code, 130, said);
  assert.equal(await run.things(), 0);
});

test('a bench that is killed leaves nothing either: its server sees to that', async (t) => {
  const run = bench(await folderOf(t), ['apply', '--runs', '1000']);
  await bothSides(run);
  run.child.kill('SIGKILL');
  await run.ended;
  // Its pipes are held by the server, so they close when that has ended.
  assert.equal(await run.things(), 0);
});

test('a name that is no measure is a usage error, and nothing is begun', async (t) => {
  const { code, said } = await bench(await folderOf(t), ['speed']).ended;
  assert.equal(code, 2);
  assert.match(said, /There is no measure "speed"/);
});
