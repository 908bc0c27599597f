import { computed, type Signal, signal } from '@preact/signals';
import type { FlagResult, HintResult, Session } from '#contract';
import type { SessionApi } from '../api/session-api.ts';
import type { Lab } from './lab.ts';
import type { Notices } from './notices.ts';

interface TaskWork {
  readonly lab: Lab;
  readonly api: () => SessionApi;
  readonly notices: Notices;
  readonly session: Signal<Session | null>;
}

/** Flags handed in and hints opened, task by task. */
export function createTaskWork({ lab, api, notices, session }: TaskWork) {
  const flags = signal<ReadonlyMap<string, FlagResult>>(new Map());
  const hints = signal<ReadonlyMap<string, HintResult>>(new Map());
  const asking = signal<string | null>(null);

  const passed = computed(() => {
    const earned = new Set(session.value?.tasks.filter((task) => task.state === 'passed').map((task) => task.task));
    for (const [task, result] of flags.value) if (result.accepted) earned.add(task);
    return earned as ReadonlySet<string>;
  });
  const points = computed(() =>
    lab.tasks.filter((task) => passed.value.has(task.id)).reduce((sum, task) => sum + task.points, 0),
  );

  async function once(task: string, work: () => Promise<void>) {
    if (asking.value !== null) return;
    asking.value = task;
    try {
      await work();
    } catch (error) {
      notices.failed(error);
    } finally {
      asking.value = null;
    }
  }

  return {
    flags,
    hints,
    asking,
    passed,
    points,
    total: lab.tasks.reduce((sum, task) => sum + task.points, 0),
    handIn: (task: string, flag: string) =>
      once(task, async () => {
        flags.value = new Map([...flags.value, [task, await api().flag(task, flag)]]);
      }),
    hint: (task: string) =>
      once(task, async () => {
        hints.value = new Map([...hints.value, [task, await api().hint(task)]]);
      }),
  };
}
