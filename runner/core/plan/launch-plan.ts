import type { Readiness, ReloadSignal, ServiceRole } from '#contract';
import type { Confinement } from '../policy/confine.ts';

/** A network namespace of the launch and where it is connected. */
export interface PositionPlan {
  readonly name: string;
  readonly networks: readonly { readonly network: string; readonly aliases: readonly string[] }[];
}

export interface DataPlan {
  readonly volume: string;
  readonly target: string;
  readonly limit: { readonly bytes: number; readonly inodes: number };
}

/** One service: what runs at the position of the same name, or, for a sidecar or a sensor, beside it. */
export interface ServicePlan {
  readonly name: string;
  /** The position whose network namespace it runs in. */
  readonly position: string;
  readonly role: ServiceRole;
  /** Name of a course image without its tag. */
  readonly image: string;
  /** uid:gid it runs as. */
  readonly user: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Folders of the workspace → where the service sees them, read-only. */
  readonly files: readonly { readonly folder: string; readonly target: string }[];
  readonly data: readonly DataPlan[];
  /** Further folders it may write to, gone with the container. */
  readonly scratch: readonly string[];
  readonly secrets: readonly string[];
  readonly ready: Readiness;
  /** Sent instead of a replacement when only its files have changed; null where it is always replaced. */
  readonly reload: ReloadSignal | null;
  readonly confinement: Confinement;
}

/** A launch as data: everything the engine will be asked for, before it is asked. */
export interface LaunchPlan {
  readonly networks: readonly string[];
  readonly positions: readonly PositionPlan[];
  readonly services: readonly ServicePlan[];
}

export const WORKBENCH = 'workbench';
export const outsideName = (index: number) => `outside-${index}`;
