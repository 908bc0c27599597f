import { CheckResult, DrydockError } from '#contract';
import { type Bed, type Measure, timed } from '../measure.ts';
import { joined, joins } from '../replay-launch.ts';

/** The image holds one program. This way it ends before it has set anything up. */
const NOTHING = ['/usr/local/bin/node', '--version'];

/** Every fix task of the lab as shipped checked: no probe waits for anything there. */
export const checkFull: Measure = {
  name: 'check.full',
  unit: 'ms',
  good: 'small',
  goal: 1.5,
  runs: 7,
  bound: 'as many checker containers at the same positions, side by side, each running a program that does nothing',
  async prepare(bed) {
    const session = await bed.session();
    const launch = await bed.launch();
    let made = 0;

    async function runNothing(checker: (typeof launch.recording.checkers)[number]): Promise<string> {
      const spec = joined(checker, launch.containers.get(joins(checker)) ?? '', bed.labels);
      made += 1;
      const id = await bed.raw.create({ ...spec, name: `${spec.name}-${made}`, command: NOTHING });
      await bed.raw.start(id);
      if ((await bed.raw.wait(id)) !== 0) throw new DrydockError('internal', 'A program that does nothing failed.');
      return id;
    }

    return {
      drydock: async () => [await timed(bed.clock, () => check(bed, session))],
      async raw() {
        let ended: string[] = [];
        const took = await timed(bed.clock, async () => {
          ended = await Promise.all(launch.recording.checkers.map(runNothing));
        });
        await Promise.all(ended.map(bed.raw.remove));
        return [took];
      },
    };
  },
};

async function check({ client }: Bed, session: string): Promise<void> {
  const { verdicts } = await client.ask(CheckResult, 'POST', `/api/sessions/${session}/check`, {});
  const broken = verdicts.find(({ verdict }) => verdict === 'broken');
  if (broken) throw new DrydockError('could-not-check', broken.message.text);
}
