import type { RoleLimits } from './roles.ts';

/** Rights of its role that a container does without. */
export interface Confinement {
  /** The capabilities it keeps. */
  readonly capabilities?: readonly string[];
  readonly readOnlyRoot?: boolean;
  readonly memoryMiB?: number;
  readonly cpus?: number;
  readonly pids?: number;
}

/** The limits of a role, made narrower. Whatever is asked for, nothing comes out wider than the role. */
export function confine(role: RoleLimits, asked: Confinement): RoleLimits {
  const { capabilities = role.capabilities, memoryMiB, cpus, pids } = asked;
  return {
    ...role,
    capabilities: role.capabilities.filter((capability) => capabilities.includes(capability)),
    readOnlyRoot: role.readOnlyRoot || asked.readOnlyRoot === true,
    memoryMiB: lower(role.memoryMiB, memoryMiB),
    cpus: lower(role.cpus, cpus),
    pids: lower(role.pids, pids),
  };
}

/** 0 and below mean "no limit" to the engine. */
const lower = (ceiling: number, asked = ceiling) => (asked > 0 && asked < ceiling ? asked : ceiling);
