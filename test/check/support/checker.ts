import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckerInput, CheckerOutput } from '../../../runner/check/protocol.ts';
import { type CheckerDeps, runChecker } from '../../../runner/check/run-checker.ts';
import type { CheckTarget } from '../../../runner/core/ports/check.ts';
import type { ContainerSpec, Engine } from '../../../runner/core/ports/engine.ts';
import { type ChildChannel, childChannel } from '../../pipe/support/child-channel.ts';

const sdk = join(import.meta.dirname, '../../../runner/check/probe');

export interface CheckerHost extends AsyncDisposable {
  readonly deps: CheckerDeps;
  readonly specs: readonly ContainerSpec[];
  /** The checkers that were started, in order. */
  readonly children: readonly ChildChannel[];
}

/** Runs the checker's own program as a process of this machine, where an engine would run it in a container. */
export async function checkerHost(): Promise<CheckerHost> {
  const temporary = await mkdtemp(join(tmpdir(), 'drydock-checker-'));
  const specs: ContainerSpec[] = [];
  const children: ChildChannel[] = [];
  const engine: Pick<Engine, 'createContainer' | 'attach' | 'startContainer' | 'removeContainer'> = {
    createContainer: async (spec) => String(specs.push(spec) - 1),
    async attach(id) {
      const [, program = ''] = specs[Number(id)]?.command ?? [];
      const file = program.replace('/opt/drydock/checker', sdk);
      const child = childChannel([process.execPath, '--max-old-space-size=256', file], { TMPDIR: temporary });
      children.push(child);
      return child;
    },
    startContainer: async () => undefined,
    removeContainer: async () => undefined,
  };
  // A checker run asks the engine for nothing else.
  const deps = { engine: engine as Engine, image: (name: string) => name, sandbox: { ipv6: true, appArmor: false } };
  return {
    deps,
    specs,
    children,
    async [Symbol.asyncDispose]() {
      for (const child of children) child.close();
      await rm(temporary, { recursive: true });
    },
  };
}

const HERE = { holder: 'h1', addresses: { front: '127.0.0.1' } };
export const TARGET: CheckTarget = {
  labels: {},
  launch: '0123456789abcdef',
  positions: new Map([
    ['outside-1', HERE],
    ['gateway', HERE],
  ]),
  secrets: { 'flag-enter': 'flag{00112233445566778899aabbccddeeff}', word: 'anchor' },
};

export interface Asked {
  /** Source of probes/shut.ts. */
  readonly source: string;
  /** Ids to run; without it those of `probe('…')` calls in the source, in order. */
  readonly run?: readonly string[];
  readonly input?: Partial<CheckerInput>;
  readonly seconds?: number;
}

/** Starts a probe file with what nearly every one needs. */
export const probes = (text: string) => `import { attack, benign, open, closed, works, fails } from '#probe';\n${text}`;

/** Runs probes in a checker of their own and returns what it answered, checked as the runner checks it. */
export async function check(asked: Asked): Promise<CheckerOutput> {
  await using host = await checkerHost();
  return await checkOn(host, asked);
}

export function checkOn(host: CheckerHost, { source, run, input, seconds = 20 }: Asked): Promise<CheckerOutput> {
  const ids = run ?? [...source.matchAll(/\bid: '([a-z-]+)'/g)].map(([, id]) => id ?? '');
  return runChecker(
    host.deps,
    TARGET,
    {
      nonce: 'a1'.repeat(32),
      position: 'outside-1',
      seed: '5eed',
      secrets: TARGET.secrets,
      addresses: Object.fromEntries([...TARGET.positions].map(([name, { addresses }]) => [name, addresses])),
      files: { 'shut.ts': source },
      run: ids.map((probe) => ({ file: 'shut.ts', probe })),
      probeSeconds: 5,
      messages: { 'enter-open': 'Got in as {who}.' },
      ...input,
    },
    seconds,
  );
}
