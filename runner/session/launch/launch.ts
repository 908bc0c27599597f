import type { LaunchPlan, ServicePlan } from '../../core/plan/launch-plan.ts';
import type { Engine } from '../../core/ports/engine.ts';
import type { LaunchSecrets } from '../../core/secrets/launch-secrets.ts';
import type { Files, Lab } from '../../library/lab.ts';

/** What making and changing a launch needs from outside. */
export interface LaunchDeps {
  readonly engine: Engine;
  /** Course image name → full tag. Throws DrydockError `image-missing`. */
  readonly image: (name: string) => string;
  /** Who owns what we make: this runner's id. */
  readonly owner: string;
  readonly subnets: SubnetPool;
  readonly sandbox: { readonly ipv6: boolean; readonly appArmor: boolean };
  readonly clock: () => number;
}

export interface SubnetPool {
  /** A /28 that overlaps with nothing in use. Throws DrydockError `no-capacity`. */
  reserve(inUse: readonly string[]): string;
  release(subnet: string): void;
}

export interface LaunchRequest {
  readonly id: string;
  readonly session: string;
  readonly lab: Lab;
  readonly plan: LaunchPlan;
  /** The learner's files, for the workbench. */
  readonly workspace: Files;
  /** The files the services run; those of the last apply, which may be older. */
  readonly deployed: Files;
  readonly secrets: LaunchSecrets;
  readonly onStep: (step: string, state: 'running' | 'done' | 'failed') => void;
}

export interface Position {
  readonly name: string;
  /** Container id of the holder that owns the namespace. */
  readonly holder: string;
  /** Lab network name → IPv4 address. */
  readonly addresses: Readonly<Record<string, string>>;
}

export interface DeployedService {
  readonly plan: ServicePlan;
  readonly container: string;
  /** SHA-256 over everything that decides what runs; '' until it has been seen ready. */
  readonly fingerprint: string;
  readonly generation: number;
  /** The paths of its files; null where they are not known, as those of what another runner deployed may not be. */
  readonly files: ReadonlySet<string> | null;
}

/** A running copy of a lab. `services` changes on apply; positions never do. */
export interface Launch {
  readonly id: string;
  readonly session: string;
  readonly lab: Lab;
  readonly node: string;
  readonly secrets: LaunchSecrets;
  readonly positions: ReadonlyMap<string, Position>;
  readonly services: Map<string, DeployedService>;
  readonly workbench: string;
  plan: LaunchPlan;
  /** Number of the next deployment; never used twice, so a failed one cannot stand in the way of the next. */
  generation: number;
}

/** Whether every service of the plan runs as the plan has it. */
export const isSettled = ({ plan, services }: Launch): boolean =>
  plan.services.every(({ name }) => (services.get(name)?.fingerprint ?? '') !== '');
