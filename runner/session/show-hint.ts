import { DrydockError, type HintResult } from '#contract';
import type { HeldSession } from './held-session.ts';
import type { SessionDeps } from './session-deps.ts';

/** Shows one hint more of a task, in order; all of them once they are used up. */
export async function showHint(deps: Pick<SessionDeps, 'store'>, held: HeldSession, task: string): Promise<HintResult> {
  const hints = held.lab.scenario.tasks[task]?.hints;
  if (!hints) throw new DrydockError('no-such-task', `This lab has no task "${task}".`);
  const shown = Math.min(hints.length, (held.hints.get(task) ?? 0) + 1);
  // Kept in memory first: two asked for at once are two.
  held.hints.set(task, shown);
  await deps.store.changeTask(held.id, task, { hints: shown });
  return { task, shown: hints.slice(0, shown), left: hints.length - shown };
}
