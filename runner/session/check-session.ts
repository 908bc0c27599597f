import { type CheckResult, DrydockError, type Verdict } from '#contract';
import { type HeldSession, launched } from './held-session.ts';
import type { IsolationWatch } from './isolation/watch-isolation.ts';
import { checkTarget } from './launch/check-target.ts';
import type { SessionDeps } from './session-deps.ts';

/**
 * Checks one task or all. Fix tasks already passed are asked again every time, so a fix that breaks an earlier one
 * turns that one red. The verdicts are on disk before they are told.
 */
export async function checkSession(
  deps: SessionDeps,
  isolation: Pick<IsolationWatch, 'honest'>,
  held: HeldSession,
  task?: string,
): Promise<CheckResult> {
  const started = deps.clock();
  const launch = launched(held);
  const tasks = held.lab.scenario.tasks;
  if (task !== undefined && !Object.hasOwn(tasks, task))
    throw new DrydockError('no-such-task', `This lab has no task "${task}".`);
  const fixes = Object.keys(tasks).filter((id) => tasks[id]?.kind === 'fix');
  const asked =
    task === undefined ? fixes : fixes.filter((id) => id === task || held.verdicts.get(id)?.verdict === 'passed');
  const checked = await isolation.honest(launch, () => deps.check(checkTarget(deps, launch), held.lab.id, asked));
  await rememberVerdicts(deps, held, checked);
  const breaks = Object.keys(tasks).filter((id) => tasks[id]?.kind === 'break' && (task === undefined || task === id));
  return {
    session: held.id,
    verdicts: [...breaks.map((id) => flagVerdict(held, id)), ...checked],
    milliseconds: Math.round(deps.clock() - started),
  };
}

async function rememberVerdicts(deps: SessionDeps, held: HeldSession, verdicts: readonly Verdict[]): Promise<void> {
  const { id: session, user, lab, launchId: launch } = held;
  await deps.store.addAttempts(
    verdicts.map(({ task, verdict }) => ({
      session,
      user,
      lab: lab.id,
      launch,
      task,
      kind: 'check' as const,
      outcome: verdict,
      at: deps.clock(),
    })),
  );
  for (const verdict of verdicts) {
    await deps.store.changeTask(session, verdict.task, { verdict });
    held.verdicts.set(verdict.task, verdict);
  }
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
