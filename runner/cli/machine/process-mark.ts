import { readFile } from 'node:fs/promises';

/** A process, told apart from a later one that got the same number. */
export interface ProcessMark {
  readonly pid: number;
  /** Start time in the kernel's ticks since boot, or '' where there is no /proc. */
  readonly started: string;
}

export async function markProcess(pid: number): Promise<ProcessMark> {
  return { pid, started: (await startTicks(pid)) ?? '' };
}

/** True while that very process lives. */
export async function stillRuns(mark: ProcessMark): Promise<boolean> {
  if (mark.started !== '') return (await startTicks(mark.pid)) === mark.started;
  try {
    process.kill(mark.pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** proc(5), field 22 of stat; the command in field 2 may hold spaces and brackets. A zombie counts as ended. */
async function startTicks(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? null : (fields[19] ?? null);
}
