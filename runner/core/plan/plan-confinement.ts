import type { ComposeService, ServiceSpec } from '#contract';
import type { Confinement } from '../policy/confine.ts';
import { ROLES } from '../policy/roles.ts';

/** Keys of a service that only `hardening: true` in scenario.yaml opens. */
const KEYS = [
  'read_only',
  'user',
  'cap_drop',
  'cap_add',
  'security_opt',
  'mem_limit',
  'cpus',
  'pids_limit',
  'deploy',
] as const;

/** Less, and a program of ours does not start. */
const LEAST_MIB = 16;

export interface Confined {
  readonly user: string;
  readonly confinement: Confinement;
  readonly refusals: readonly { readonly path: readonly (string | number)[]; readonly message: string }[];
}

/** What a service's own words make of its role, and what of them goes beyond it. */
export function planConfinement(service: ComposeService, { role, hardening }: ServiceSpec): Confined {
  const limits = ROLES[role];
  const refusals: { path: (string | number)[]; message: string }[] = [];
  const refuse = (message: string, ...path: (string | number)[]) => void refusals.push({ path, message });
  const plain = { user: limits.user, confinement: {}, refusals };
  if (!hardening) {
    for (const key of KEYS) if (service[key] !== undefined) refuse('this lab does not let it be changed', key);
    return plain;
  }

  /** A limit under either of its names. */
  function limit<K extends 'mem_limit' | 'cpus' | 'pids_limit', L extends 'memory' | 'cpus' | 'pids'>(
    key: K,
    name: L,
    [least, most]: readonly [number, number],
    unit: string,
  ): number | undefined {
    const long = service.deploy?.resources.limits[name];
    const path = service[key] === undefined ? ['deploy', 'resources', 'limits', name] : [key];
    if (service[key] !== undefined && long !== undefined)
      refuse(`it is also set as deploy.resources.limits.${name}`, key);
    const asked = service[key] ?? long;
    if (asked === undefined) return undefined;
    if (asked < least || asked > most) refuse(`use between ${least} and ${most}${unit}`, ...path);
    return asked;
  }

  if (service.read_only === false && limits.readOnlyRoot) refuse(`a ${role} is always read-only`, 'read_only');
  const user = service.user === undefined ? limits.user : ownUser(service.user);
  if (user !== limits.user && role !== 'container-lab') refuse(`a ${role} runs as ${limits.user}`, 'user');
  else if (!isFreeUser(user)) refuse('use 0, or a uid and gid from 10000 to 65533', 'user');
  service.security_opt?.forEach((option, index) => {
    if (!/^no-new-privileges(:true)?$/.test(option))
      refuse('only no-new-privileges:true is known here', 'security_opt', index);
  });
  for (const key of ['cap_drop', 'cap_add'] as const)
    service[key]?.forEach((name, index) => {
      const known =
        limits.capabilities.includes(bare(name)) || (key === 'cap_drop' && /^[A-Z_]{2,40}$/.test(bare(name)));
      if (!known) refuse(`"${name}" is nothing that a ${role} may have`, key, index);
    });
  const mebibytes = limit('mem_limit', 'memory', [LEAST_MIB, limits.memoryMiB], ' MiB');
  const cpus = limit('cpus', 'cpus', [0.01, limits.cpus], '');
  const pids = limit('pids_limit', 'pids', [1, limits.pids], '');
  return {
    user,
    confinement: {
      capabilities: kept(limits.capabilities, service),
      readOnlyRoot: service.read_only === true,
      ...(mebibytes !== undefined && { memoryMiB: mebibytes }),
      ...(cpus !== undefined && { cpus }),
      ...(pids !== undefined && { pids }),
    },
    refusals,
  };
}

/** As the engine does it: what is dropped is gone, and what is added comes back. */
function kept(all: readonly string[], { cap_drop = [], cap_add = [] }: ComposeService): string[] {
  const dropped = cap_drop.map(bare);
  const added = cap_add.map(bare);
  return all.filter((name) => added.includes(name) || !(dropped.includes(name) || dropped.includes('ALL')));
}

const bare = (name: string) => name.toUpperCase().replace(/^CAP_/, '');

const ownUser = (user: string) => (user.includes(':') ? user : `${user}:${user}`);

const isFreeUser = (user: string) =>
  user.split(':').every((id) => Number(id) === 0 || (Number(id) >= 10_000 && Number(id) <= 65_533));
