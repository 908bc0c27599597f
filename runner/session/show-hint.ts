import { DrydockError, type HintResult } from '#contract';
import type { HeldSession } from './held-session.ts';

/** Shows one hint more of a task, in order; all of them once they are used up. */
export function showHint(held: HeldSession, task: string): HintResult {
  const hints = held.lab.scenario.tasks[task]?.hints;
  if (!hints) throw new DrydockError('no-such-task', `This lab has no task "${task}".`);
  const shown = Math.min(hints.length, (held.hints.get(task) ?? 0) + 1);
  held.hints.set(task, shown);
  return { task, shown: hints.slice(0, shown), left: hints.length - shown };
}
