import type { RunCheck } from '../core/ports/check.ts';
import type { AttachShell } from '../core/ports/shell.ts';
import type { Store } from '../core/ports/store.ts';
import type { Watch } from '../core/ports/watch.ts';
import type { MachineMemory } from '../core/session/capacity.ts';
import type { LifetimePolicy } from '../core/session/lifetime.ts';
import type { Lab } from '../library/lab.ts';
import type { IsolationDeps } from './isolation/watch-isolation.ts';
import type { LaunchDeps } from './launch/launch.ts';

export interface SessionDeps extends LaunchDeps, Pick<IsolationDeps, 'isolation'> {
  readonly store: Store;
  readonly library: ReadonlyMap<string, Lab>;
  readonly check: RunCheck;
  readonly attachShell: AttachShell;
  /** Secrets of launches are derived from it. */
  readonly key: Uint8Array;
  /** Hexadecimal characters from `bytes` random bytes. */
  readonly random: (bytes: number) => string;
  /** Milliseconds of a clock that never jumps; `clock` is the wall's. */
  readonly monotonic: () => number;
  readonly lifetime: LifetimePolicy;
  /** Asked at every start. */
  readonly memory: () => Promise<MachineMemory>;
  /** How many labs may be starting at once; one keeps about a processor busy. */
  readonly startsAtOnce: number;
  /** Times starts and applies, and tells work that goes on by itself apart. */
  readonly watch?: Watch;
  /** Tells the operator what went wrong and was survived. */
  readonly warn: (what: string, error: unknown) => void;
}
