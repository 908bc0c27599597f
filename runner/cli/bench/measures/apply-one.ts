import { ApplyResult, DrydockError, FileContent } from '#contract';
import { LABEL } from '../../../core/labels/labels.ts';
import { type Bed, type Measure, timed } from '../measure.ts';
import type { RecordedContainer } from '../record-launch.ts';
import { joined, joins, untilReady } from '../replay-launch.ts';

const SERVICE = 'gateway';
const FILE = `${SERVICE}/server.ts`;

/** One changed file of one service, from asking for it to be applied until the service answers again. */
export const applyOne: Measure = {
  name: 'apply.one',
  unit: 'ms',
  good: 'small',
  goal: 1.3,
  runs: 7,
  bound: 'the files copied in, that one container killed, created anew and started, until the same readiness',
  async prepare(bed) {
    const session = `/api/sessions/${await bed.session()}`;
    const replace = await rawReplacement(bed);
    return {
      async drydock() {
        await change(bed, session);
        const took = await timed(bed.clock, async () => {
          const { changed } = await bed.client.ask(ApplyResult, 'POST', `${session}/apply`, {});
          if (changed.join() !== SERVICE)
            throw new DrydockError('internal', `The apply replaced "${changed.join()}" instead of "${SERVICE}".`);
        });
        return [took];
      },
      raw: async () => [await timed(bed.clock, replace)],
    };
  },
};

async function change({ client }: Bed, session: string): Promise<void> {
  const path = `${session}/file`;
  const { version, content } = await client.ask(FileContent, 'GET', `${path}?path=${FILE}`);
  await client.ask(FileContent, 'PUT', path, { path: FILE, version, content: `${content}\n` });
}

async function rawReplacement(bed: Bed): Promise<() => Promise<void>> {
  const { raw, labels } = bed;
  const { recording, containers } = await bed.launch();
  const atService = recording.containers.filter(({ spec }) => spec.labels[LABEL.position] === SERVICE);
  const service = ofRole(atService, 'service');
  const filer = ofRole(atService, 'filer');
  const holder = containers.get(joins(service.spec)) ?? '';
  let current = containers.get(service.id) ?? '';
  let made = 1;
  return async () => {
    if (filer.files) await raw.putFiles(containers.get(filer.id) ?? '', filer.files.path, filer.files.tar);
    await raw.remove(current);
    made += 1;
    const spec = joined(service.spec, holder, labels);
    current = await raw.create({ ...spec, name: `${spec.name}-${made}` });
    await raw.start(current);
    await untilReady(bed, recording, joins(service.spec), holder);
  };
}

function ofRole(containers: readonly RecordedContainer[], role: string): RecordedContainer {
  const found = containers.find(({ spec }) => spec.labels[LABEL.role] === role);
  if (!found) throw new DrydockError('internal', `The launch has no ${role} at "${SERVICE}" to measure with.`);
  return found;
}
