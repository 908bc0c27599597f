import type { CliContext } from '../context.ts';
import { formatMilliseconds } from './format-seconds.ts';
import { steps as makeSteps, type Shown } from './steps.ts';
import type { Timings } from './timings.ts';

/** A step that is over sooner than this is not worth a line. */
const QUIET_MS = 300;
const EVERY_MS = 15_000;

/** For logs: a line when a step begins, one when it ends, and a sign of life four times a minute. */
export function plainProgress(context: Pick<CliContext, 'say' | 'clock'>, last: Timings): Shown {
  const began = context.clock();
  const timers = new Map<string, NodeJS.Timeout>();
  const steps = makeSteps(context.clock, (step, what) => {
    if (what === 'began') {
      const about = last[step.name] === undefined ? '' : ` (last time ${formatMilliseconds(last[step.name] ?? 0)})`;
      const announce = setTimeout(() => {
        context.say(`${step.name} …${about}`);
        timers.set(
          step.name,
          setInterval(() => context.say(`${step.name} … ${elapsed(step.began)}: ${step.said}`), EVERY_MS),
        );
      }, QUIET_MS);
      timers.set(step.name, announce);
    }
    if (what !== 'ended') return;
    clearInterval(timers.get(step.name));
    const took = step.ended - step.began;
    const left = steps.all.filter((one) => one.state === 'waiting' || one.state === 'running').length;
    const rest = left > 0 ? `, ${left} to go after ${elapsed(began)}` : '';
    if (step.state === 'failed') context.say(`${step.name} failed after ${formatMilliseconds(took)}`);
    else if (took >= QUIET_MS) context.say(`${step.name} done in ${formatMilliseconds(took)}${rest}`);
  });
  const elapsed = (since: number) => formatMilliseconds(context.clock() - since);
  const stop = () => {
    for (const timer of timers.values()) clearInterval(timer);
  };
  return { steps, stop };
}
