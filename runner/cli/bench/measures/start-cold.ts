import { LABEL } from '../../../core/labels/labels.ts';
import { type Measure, timed } from '../measure.ts';
import { replayLaunch } from '../replay-launch.ts';

/** A lab opened with nothing made ahead, until every service is ready. */
export const startCold: Measure = {
  name: 'start.cold',
  unit: 'ms',
  good: 'small',
  goal: 1.1,
  runs: 5,
  bound: 'the same networks, volumes and containers made and started side by side, until the same readiness',
  async prepare(bed) {
    const labels = { ...bed.labels, [LABEL.session]: 'raw-start' };
    return {
      async drydock() {
        let session = '';
        const took = await timed(bed.clock, async () => {
          session = (await bed.client.open(bed.lab)).id;
        });
        await bed.client.stop(session);
        return [took];
      },
      async raw() {
        const recording = await bed.record();
        const took = await timed(bed.clock, () => replayLaunch({ ...bed, labels }, recording));
        await bed.remove(labels);
        return [took];
      },
    };
  },
};
