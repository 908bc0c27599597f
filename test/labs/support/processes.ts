import { readdirSync, readFileSync } from 'node:fs';

export const processes = () => readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
export const commandOf = (pid: string) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
};
export const statOf = (pid: string) =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');

/** Daemons of one name: keepers that lead a session of their own. */
export function keepersOf(keeper: string, name: string): number {
  return processes().filter(
    (pid) => commandOf(pid)[0] === keeper && commandOf(pid)[2] === name && statOf(pid)[3] === pid,
  ).length;
}

/** A zombie whose parent has not looked yet is not alive. */
export const isAlive = (pid: string) => processes().includes(pid) && statOf(pid)[0] !== 'Z';

/** Resident KiB of all keepers of this test. */
export function resident(keeper: string): number {
  const mine = processes().filter((pid) => commandOf(pid)[0] === keeper);
  return mine.reduce(
    (sum, pid) => sum + Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0),
    0,
  );
}

export async function cpuTicks(program: string): Promise<number[]> {
  return processes()
    .filter((pid) => commandOf(pid)[0] === program)
    .map((pid) => Number(statOf(pid)[11]) + Number(statOf(pid)[12]));
}
