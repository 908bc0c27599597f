import { batch, computed, signal } from '@preact/signals';
import type { ResetRequest, Session, Verdict } from '#contract';
import type { Ask } from '../api/ask.ts';
import { labApi, sessionApi } from '../api/session-api.ts';
import { createDocuments } from './documents.ts';
import type { Lab } from './lab.ts';
import { createNotices } from './notices.ts';
import { createTaskWork } from './task-work.ts';
import { type Phase, watchSession } from './watch-session.ts';

export type Busy = 'applying' | 'checking' | 'resetting' | 'stopping' | null;
export type Workspace = ReturnType<typeof createWorkspace>;

export interface Surroundings {
  readonly ask: Ask;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly drafts: Storage;
  readonly visible: () => boolean;
}

/** Everything the workspace page knows and can do; the views only read signals and call these functions. */
export function createWorkspace(lab: Lab, { ask, now, drafts, visible }: Surroundings) {
  const api = labApi(ask);
  const session = signal<Session | null>(null);
  const phase = signal<Phase>('connecting');
  const reachable = signal(true);
  const busy = signal<Busy>(null);
  const openedAt = signal(now());
  const verdicts = signal<ReadonlyMap<string, Verdict>>(new Map());
  const notices = createNotices();
  const inside = () => {
    const id = session.value?.id;
    if (id === undefined) throw new Error('No session is open.');
    return sessionApi(ask, id);
  };
  const documents = createDocuments({ api: inside, notices, drafts, key: () => session.value?.id ?? '' });
  const tasks = createTaskWork({ lab, api: inside, notices, session });

  function see(next: Session) {
    batch(() => {
      reachable.value = true;
      session.value = next;
      phase.value = next.state === 'opening' ? 'opening' : isOver(next) ? 'gone' : 'open';
      const known = new Map(verdicts.value);
      for (const task of next.tasks) if (task.verdict) known.set(task.task, task.verdict);
      verdicts.value = known;
    });
  }

  const watch = watchSession({ api, session, phase, reachable, notices, see, visible, changed: documents.refresh });

  async function open() {
    batch(() => {
      phase.value = 'connecting';
      session.value = null;
      verdicts.value = new Map();
      openedAt.value = now();
      notices.clear();
    });
    documents.forget();
    await watch.open(lab.id);
  }

  async function whileBusy(what: Busy, work: () => Promise<void>) {
    if (busy.value !== null || phase.value !== 'open') return;
    busy.value = what;
    notices.clear();
    try {
      await work();
    } catch (error) {
      notices.failed(error);
    } finally {
      busy.value = null;
    }
  }

  const apply = () =>
    whileBusy('applying', async () => {
      if (!(await documents.saveAll())) return;
      const result = await inside().apply();
      documents.applied();
      const seconds = (result.milliseconds / 1000).toFixed(1);
      notices.say(
        result.changed.length === 0
          ? `Applied in ${seconds} s: nothing had changed.`
          : `Applied in ${seconds} s: ${result.changed.join(', ')} replaced.`,
      );
    });

  const check = () =>
    whileBusy('checking', async () => {
      const result = await inside().check();
      verdicts.value = new Map([...verdicts.value, ...result.verdicts.map((one) => [one.task, one] as const)]);
      const passed = result.verdicts.filter((one) => one.verdict === 'passed').length;
      notices.say(
        `Checked in ${(result.milliseconds / 1000).toFixed(1)} s: ${passed} of ${result.verdicts.length} passed.`,
      );
      await watch.now();
    });

  const reset = (what: ResetRequest) =>
    whileBusy('resetting', async () => {
      const { files, services } = await inside().reset(what);
      documents.putBack(files);
      await documents.refresh();
      notices.say(saidOfReset(files, services));
    });

  const extend = async () => {
    try {
      see(await inside().extend());
    } catch (error) {
      notices.failed(error);
    }
  };

  const stop = () =>
    whileBusy('stopping', async () => {
      const id = session.value?.id;
      if (id !== undefined) await api.stop(id);
      phase.value = 'gone';
    });

  const connection = computed(() => (reachable.value ? 'connected' : 'reconnecting'));
  return {
    lab,
    session,
    phase,
    busy,
    verdicts,
    openedAt,
    connection,
    notices,
    documents,
    tasks,
    now,
    open,
    apply,
    check,
    reset,
    extend,
    stop,
  };
}

function isOver(session: Session): boolean {
  return session.state === 'stopped' || session.state === 'failed';
}

function saidOfReset(files: readonly string[], services: readonly string[]): string {
  if (services.length > 0) return `Cleared the data of ${services.join(', ')}.`;
  if (files.length === 0) return 'Nothing to put back: it is as the lab shipped it.';
  return `Put back ${files.length === 1 ? files[0] : `${files.length} files`}; Apply deploys that.`;
}
