import { readFile } from 'node:fs/promises';
import type { MachineMemory } from '../core/session/capacity.ts';

/**
 * Memory of the machine the engine runs on, which is this one: proc(5), "MemTotal" and "MemAvailable", in KiB there.
 * Where it cannot be read, the engine's total is all that is known.
 */
export async function machineMemory(engineTotal: () => Promise<number>): Promise<MachineMemory> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) * 1024;
  const total = of('MemTotal') || (await engineTotal());
  return { total, available: of('MemAvailable') || total };
}
