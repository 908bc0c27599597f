import { stripVTControlCharacters, styleText } from 'node:util';
import type { CliContext } from '../context.ts';
import { formatMilliseconds } from './format-seconds.ts';
import { steps as makeSteps, type Shown, type StepState, timeLeft } from './steps.ts';
import type { Timings } from './timings.ts';

const MARKS = { waiting: '·', running: '▸', done: '✓', failed: '✗' } as const;
const COLOURS = { waiting: 'dim', running: 'cyan', done: 'green', failed: 'red' } as const;
const REDRAW_MS = 200;

/** For people: one line per step, redrawn in place, with elapsed time and what is left. */
export function terminalProgress(context: Pick<CliContext, 'draw' | 'columns' | 'clock'>, last: Timings): Shown {
  const began = context.clock();
  let drawn = 0;
  const steps = makeSteps(context.clock, () => {});

  function draw(): void {
    const lines = frame(steps.all, last, context.clock(), began).map((line) => cut(line, context.columns() - 1));
    const up = drawn > 0 ? `\x1b[${drawn}A` : '';
    context.draw(`${up}${lines.map((line) => `\x1b[2K${line}\n`).join('')}`);
    drawn = lines.length;
  }

  // The first frame comes late on purpose: a start with nothing to do shows none.
  const timer = setInterval(draw, REDRAW_MS);
  return {
    steps,
    stop() {
      clearInterval(timer);
      if (drawn > 0) draw();
    },
  };
}

/** The lines of one picture. */
export function frame(all: readonly StepState[], last: Timings, now: number, began: number): string[] {
  const width = Math.max(0, ...all.map((step) => step.name.length));
  const lines = all.map(
    (step) => styleText(COLOURS[step.state], `${MARKS[step.state]} ${step.name.padEnd(width)}`) + tail(step, last, now),
  );
  const done = all.filter((step) => step.state === 'done').length;
  if (all.every((step) => step.state === 'done' || step.state === 'failed')) return lines;
  const left = timeLeft(all, last, now);
  const about = left === null ? '' : `, about ${formatMilliseconds(left)} left`;
  return [
    ...lines,
    styleText('dim', `${done} of ${all.length} done, ${formatMilliseconds(now - began)} elapsed${about}`),
  ];
}

function tail(step: StepState, last: Timings, now: number): string {
  if (step.state === 'waiting') return '';
  if (step.state !== 'running') return `  ${formatMilliseconds(step.ended - step.began)}`;
  const whole = last[step.name];
  const of = whole === undefined ? '' : ` of about ${formatMilliseconds(whole)}`;
  return `  ${formatMilliseconds(now - step.began)}${of}  ${styleText('dim', stripVTControlCharacters(step.said))}`;
}

/** Cuts by what is seen; a line that wraps would spoil the redraw. */
function cut(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line);
  return plain.length <= columns ? line : `${plain.slice(0, Math.max(0, columns - 1))}…`;
}
