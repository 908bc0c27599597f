import { DrydockError, type Session } from '#contract';
import { handInFlag } from './hand-in-flag.ts';
import { type HeldSession, launched } from './held-session.ts';
import type { LabActions } from './lab-command.ts';
import type { SessionDeps } from './session-deps.ts';
import { showHint } from './show-hint.ts';

const LOG_LINES = 40;

interface Work {
  readonly project: (held: HeldSession) => Session;
  readonly apply: (held: HeldSession) => ReturnType<LabActions['apply']>;
  readonly check: (held: HeldSession, task?: string) => ReturnType<LabActions['check']>;
}

/** What the `lab` command of one session can do. */
export function labActions(deps: SessionDeps, held: HeldSession, work: Work): LabActions {
  return {
    status: () => work.project(held),
    apply: () => work.apply(held),
    check: (task) => work.check(held, task),
    hint: (task) => showHint(deps, held, task),
    flag: (task, flag) => handInFlag(deps, held, task, flag),
    async logs(service) {
      const deployed = launched(held).services.get(service);
      if (!deployed) throw new DrydockError('bad-request', `This lab has no service "${service}".`);
      return deps.engine.logs(deployed.container, LOG_LINES);
    },
    breakTasks() {
      const { tasks } = held.lab.scenario;
      return Object.keys(tasks).filter((id) => tasks[id]?.kind === 'break');
    },
  };
}
