import { availableParallelism } from 'node:os';
import { DrydockError } from '#contract';
import { runTogether } from '../../core/flow/run-together.ts';
import { semaphore } from '../../core/flow/semaphore.ts';
import { LABEL } from '../../core/labels/labels.ts';
import type { ContainerSpec, Labels } from '../../core/ports/engine.ts';
import type { RawEngine } from '../../engine/raw/raw-engine.ts';
import type { RecordedContainer, Recording } from './record-launch.ts';

/** A launch the raw engine made: recorded id → the container's own. */
export interface RawLaunch {
  readonly recording: Recording;
  readonly containers: ReadonlyMap<string, string>;
}

/** What the raw side works with. Everything it makes carries `labels`, by which it is found and removed again. */
export interface RawSide {
  readonly raw: RawEngine;
  readonly labels: Labels;
  /** Aborted: nothing new is begun. */
  readonly signal: AbortSignal;
}

/** Makes a recorded launch as fast as the engine can: everything as soon as what it stands on is there, until ready. */
export async function replayLaunch(side: RawSide, recording: Recording): Promise<RawLaunch> {
  const { raw, labels } = side;
  const inTurn = semaphore(Math.max(2, availableParallelism()));
  const networks = runTogether(recording.networks.map((spec) => () => raw.createNetwork({ ...spec, labels })));
  const volumes = runTogether(recording.volumes.map((spec) => () => raw.createVolume({ ...spec, labels })));
  const made = new Map<string, Promise<string>>();

  async function make(recorded: RecordedContainer): Promise<string> {
    await volumes;
    if (recorded.spec.endpoints.length > 0) await networks;
    const spec = joined(recorded.spec, (await made.get(joins(recorded.spec))) ?? '', labels);
    await Promise.all(fillersOf(recorded, recording).map(({ id }) => made.get(id)));
    side.signal.throwIfAborted();
    const container = await inTurn(() => raw.create(spec));
    if (recorded.files) await raw.putFiles(container, recorded.files.path, recorded.files.tar);
    side.signal.throwIfAborted();
    if (recorded.started) await inTurn(() => raw.start(container));
    return container;
  }

  for (const recorded of recording.containers) made.set(recorded.id, make(recorded));
  const all = await runTogether(
    recording.containers.map(({ id, spec }) => async () => {
      const container = (await made.get(id)) ?? '';
      await untilReady(side, recording, joins(spec), await made.get(joins(spec)));
      return [id, container] as const;
    }),
  );
  return { recording, containers: new Map(all) };
}

/** Waits, as Drydock does, for what joined a holder to answer at its position; at once where nothing is asked. */
export async function untilReady({ raw }: RawSide, recording: Recording, recorded: string, holder = ''): Promise<void> {
  const question = recording.ready.get(recorded);
  if (!question) return;
  const { code, printed } = await raw.exec(holder, question);
  if (code === 0) return;
  const why = printed.replace(/[^ -~]+/g, ' ').trim();
  throw new DrydockError('service-not-ready', `A service of the raw launch did not become ready (${why || code}).`);
}

/** Recorded id of the container whose network a container joins; '' for one that has its own. */
export const joins = ({ hostConfig }: ContainerSpec) =>
  hostConfig.NetworkMode.startsWith('container:') ? hostConfig.NetworkMode.slice('container:'.length) : '';

/** The same container, joined to one of this launch, with the labels of the raw side. */
export function joined(spec: ContainerSpec, holder: string, labels: Labels): ContainerSpec {
  const hostConfig = holder === '' ? spec.hostConfig : { ...spec.hostConfig, NetworkMode: `container:${holder}` };
  return { ...spec, labels, hostConfig };
}

/** Containers that fill a volume this one mounts. */
function fillersOf(recorded: RecordedContainer, { containers }: Recording): RecordedContainer[] {
  const mounted = new Set(recorded.spec.hostConfig.Mounts.map(({ Source }) => Source));
  return containers.filter(
    ({ spec, id }) =>
      id !== recorded.id &&
      spec.labels[LABEL.role] === 'filer' &&
      spec.hostConfig.Mounts.some(({ Source }) => mounted.has(Source)),
  );
}
