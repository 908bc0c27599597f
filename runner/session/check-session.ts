import { type CheckResult, DrydockError, type Verdict } from '#contract';
import type { RunCheck } from '../core/ports/check.ts';
import { type HeldSession, running } from './held-session.ts';
import { checkTarget } from './launch/check-target.ts';
import type { LaunchDeps } from './launch/launch.ts';

/**
 * Checks one task or all. Fix tasks already passed are asked again every time, so a fix that breaks an earlier one
 * turns that one red.
 */
export async function checkSession(
  deps: Pick<LaunchDeps, 'owner' | 'clock'>,
  runCheck: RunCheck,
  held: HeldSession,
  task?: string,
): Promise<CheckResult> {
  const started = deps.clock();
  const { launch } = running(held);
  const tasks = held.lab.scenario.tasks;
  if (task !== undefined && !Object.hasOwn(tasks, task))
    throw new DrydockError('no-such-task', `This lab has no task "${task}".`);
  const fixes = Object.keys(tasks).filter((id) => tasks[id]?.kind === 'fix');
  const asked =
    task === undefined ? fixes : fixes.filter((id) => id === task || held.verdicts.get(id)?.verdict === 'passed');
  const checked = await runCheck(checkTarget(deps, launch), held.lab.id, asked);
  for (const verdict of checked) held.verdicts.set(verdict.task, verdict);
  const breaks = Object.keys(tasks).filter((id) => tasks[id]?.kind === 'break' && (task === undefined || task === id));
  return {
    session: held.id,
    verdicts: [...breaks.map((id) => flagVerdict(held, id)), ...checked],
    milliseconds: Math.round(deps.clock() - started),
  };
}

function flagVerdict(held: HeldSession, task: string): Verdict {
  const passed = held.flagged.has(task);
  const text = passed ? 'The flag was handed in.' : 'No flag has been handed in yet for this task.';
  return {
    task,
    verdict: passed ? 'passed' : 'not-yet',
    message: { id: passed ? 'flag-in' : 'flag-missing', params: {}, text },
    evidence: [],
    replay: '',
    probes: [],
  };
}
