import { DrydockError, type ResetRequest, type Session } from '#contract';
import { handInFlag } from './hand-in-flag.ts';
import { type HeldSession, launched, running } from './held-session.ts';
import { capture } from './lab-capture.ts';
import type { LabActions } from './lab-command.ts';
import { diffFiles } from './lab-diff.ts';
import { labShell } from './lab-shell.ts';
import type { SessionDeps } from './session-deps.ts';
import { showHint } from './show-hint.ts';

const LOG_LINES = 40;
/** Shells and captures that `lab` has open in one session at a time. */
const SHELLS = 8;
const CAPTURES = 2;

interface Work {
  readonly project: (held: HeldSession) => Session;
  readonly apply: (held: HeldSession) => ReturnType<LabActions['apply']>;
  readonly check: (held: HeldSession, task?: string) => ReturnType<LabActions['check']>;
  readonly reset: (held: HeldSession, what: ResetRequest) => ReturnType<LabActions['reset']>;
}

/** What the `lab` command of one session can do. */
export function labActions(deps: SessionDeps, held: HeldSession, work: Work): LabActions {
  const shells = atMost(SHELLS, 'shells');
  const captures = atMost(CAPTURES, 'captures');
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
    reset: (what) => work.reset(held, what),
    diff: async () => diffFiles(held.lab.workspace, await running(held).pipe.snapshot()),
    shell: (call, service, name) => shells(() => labShell(deps, held, call, service, name)),
    capture: (call, what) =>
      captures(async () => {
        const { launch, pipe } = running(held);
        const { print } = call;
        print(`Listening at ${what.service} for ${what.seconds} s …\n`);
        const over = new AbortController();
        const end = () => over.abort();
        held.ended.add(end);
        try {
          const gone = AbortSignal.any([call.gone, over.signal]);
          const bytes = await capture(deps, launch, { ...what, print, gone });
          if (gone.aborted) return '';
          const file = `${what.service}-${new Date(deps.clock()).toISOString().slice(0, 19).replace(/\D/g, '')}.pcap`;
          await pipe.put(new Map([[file, bytes]]), 'captures');
          return `Kept in ~/captures/${file}.\n`;
        } finally {
          held.ended.delete(end);
        }
      }),
    breakTasks() {
      const { tasks } = held.lab.scenario;
      return Object.keys(tasks).filter((id) => tasks[id]?.kind === 'break');
    },
  };
}

function atMost(most: number, what: string) {
  let under = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (under >= most)
      throw new DrydockError('too-many-requests', `This lab has ${most} ${what} of "lab" open already.`, {
        hint: 'End one of them first.',
      });
    under++;
    try {
      return await work();
    } finally {
      under--;
    }
  };
}
