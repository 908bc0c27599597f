import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DrydockError } from '#contract';
import { APP, LABEL } from '../../core/labels/labels.ts';
import { dockerEngine } from '../../engine/docker/docker-engine.ts';
import { dockerImageEngine } from '../../engine/images/docker-image-engine.ts';
import { resolveImages } from '../../engine/images/resolve-images.ts';
import { rawEngine } from '../../engine/raw/raw-engine.ts';
import { loadLab } from '../../library/load-lab.ts';
import type { CliContext } from '../context.ts';
import { readOwner } from '../down/read-owner.ts';
import { removeOwned } from '../down/remove-course.ts';
import { forgetServer, recordServer, runningServer } from '../serving/server-file.ts';
import { requireEngine } from '../setup/require-engine.ts';
import { benchClient } from './bench-client.ts';
import { type Bed, type Measure, repeat } from './measure.ts';
import { recordLaunch } from './record-launch.ts';
import { removeBench } from './remove-bench.ts';
import { replayLaunch } from './replay-launch.ts';
import { startBenchServer } from './start-bench-server.ts';
import { type Result, summarise } from './summary.ts';

const LAB = 'access-control';

export interface BenchRequest {
  readonly measures: readonly Measure[];
  /** Instead of each measure's own number. */
  readonly runs?: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Measures against a server and an owner of its own, and leaves nothing, however it ends. Throws what fails, also when
 * it is an operation under measurement, and the signal's reason when that is aborted.
 */
export async function runBench(context: CliContext, request: BenchRequest): Promise<Result[]> {
  const { address } = context.engine;
  await requireEngine(context);
  const home = join(context.home, 'bench');
  await mkdir(home, { recursive: true, mode: 0o700 });
  await refuseSecond(home);
  const image = await resolveImages(context.root, dockerImageEngine(address));
  const engine = dockerEngine({ address });
  // What one that was killed left behind; and sessions of an earlier one must not be taken up again.
  await removeBench(engine, home);
  await forgetSessions(home);
  const server = await startBenchServer(home, address);
  const measuring = (async () => {
    await recordServer(home, server.url);
    const lab = await loadLab(context.root, LAB);
    const bed = layBed(context, {
      lab: LAB,
      raw: await rawEngine(address),
      labels: { [LABEL.app]: APP, [LABEL.owner]: (await readOwner(home)) ?? '', [LABEL.session]: 'raw' },
      signal: request.signal,
      client: await benchClient(server),
      record: async () => recordLaunch(lab, image, await engine.subnets()),
      remove: async (labels) => void (await removeOwned(engine, labels)),
    });
    return measureAll(context, bed, request);
  })();
  try {
    return await Promise.race([measuring, aborted(request.signal)]);
  } finally {
    await server.close();
    // Without its server it ends soon; until then it may still be making something.
    await measuring.catch(() => undefined);
    await removeBench(engine, home);
    await forgetServer(home);
  }
}

/** Never resolves. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function measureAll(context: CliContext, bed: Bed, { measures, runs, signal }: BenchRequest): Promise<Result[]> {
  const results: Result[] = [];
  for (const measure of measures) {
    const times = runs ?? measure.runs;
    const sides = await measure.prepare(bed);
    const values = await repeat(sides, times, (run) => {
      signal.throwIfAborted();
      context.say(`${measure.name}: ${run + 1} of ${times}`);
    });
    results.push(summarise(measure, times, values));
  }
  return results;
}

function layBed(context: CliContext, parts: Omit<Bed, 'session' | 'launch' | 'clock'>): Bed {
  let session: Promise<string> | null = null;
  let launch: ReturnType<Bed['launch']> | null = null;
  return {
    ...parts,
    clock: context.clock,
    session: () => (session ??= parts.client.open(parts.lab).then(({ id }) => id)),
    launch: () => (launch ??= parts.record().then((recording) => replayLaunch(parts, recording))),
  };
}

/** Everything the server keeps but its name: by that, what it made is found. */
async function forgetSessions(home: string): Promise<void> {
  const kept = (await readdir(home)).filter((name) => name !== 'owner');
  await Promise.all(kept.map((name) => rm(join(home, name), { recursive: true })));
}

/** Two at once would remove each other's labs, and measure each other. */
async function refuseSecond(home: string): Promise<void> {
  const running = await runningServer(home);
  if (!running) return;
  throw new DrydockError('environment', `A bench is running already (process ${running.pid}).`, {
    hint: 'Wait until it has ended, or stop it with Ctrl-C in its terminal.',
  });
}
