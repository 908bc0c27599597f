import type { Readiness } from '#contract';
import type { Role } from '../policy/roles.ts';

/** A network namespace of the launch and where it is connected. */
export interface PositionPlan {
  readonly name: string;
  readonly networks: readonly { readonly network: string; readonly aliases: readonly string[] }[];
}

/** One service: what runs at the position of the same name. */
export interface ServicePlan {
  readonly name: string;
  readonly role: Extract<Role, 'service' | 'database'>;
  /** Name of a course image without its tag. */
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Folders of the workspace → where the service sees them, read-only. */
  readonly files: readonly { readonly folder: string; readonly target: string }[];
  readonly data: readonly { readonly volume: string; readonly target: string }[];
  readonly secrets: readonly string[];
  readonly ready: Readiness;
}

/** A launch as data: everything the engine will be asked for, before it is asked. */
export interface LaunchPlan {
  readonly networks: readonly string[];
  readonly positions: readonly PositionPlan[];
  readonly services: readonly ServicePlan[];
}

export const WORKBENCH = 'workbench';
export const outsideName = (index: number) => `outside-${index}`;
