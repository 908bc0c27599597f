import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { runCheck } from '../../check/run-check.ts';
import { planLaunch } from '../../core/plan/plan-launch.ts';
import type { ContainerSpec, Engine, ExecSpec, NetworkSpec, VolumeSpec } from '../../core/ports/engine.ts';
import { launchSecrets } from '../../core/secrets/launch-secrets.ts';
import { memoryEngine } from '../../engine/memory/memory-engine.ts';
import { subnetPool } from '../../engine/subnets.ts';
import type { Lab } from '../../library/lab.ts';
import { checkTarget } from '../../session/launch/check-target.ts';
import { openLaunch } from '../../session/launch/open-launch.ts';

export interface RecordedContainer {
  /** The id the recording knows it by: other containers' NetworkMode names it. */
  readonly id: string;
  readonly spec: ContainerSpec;
  readonly files: { readonly path: string; readonly tar: Buffer } | null;
  readonly started: boolean;
}

/** Everything a launch of a lab asks the engine for, and a check of it, in the order it asks. */
export interface Recording {
  readonly networks: readonly NetworkSpec[];
  readonly volumes: readonly VolumeSpec[];
  readonly containers: readonly RecordedContainer[];
  /** What asks for readiness, by the recorded id of the holder it runs in. */
  readonly ready: ReadonlyMap<string, ExecSpec>;
  readonly checkers: readonly ContainerSpec[];
}

/** The upper half of our addresses: the server under measurement hands out from below. */
const SUBNETS = { base: '10.213.128.0/17', prefix: 28 };

/**
 * Opens and checks the lab on the engine in memory, where that takes milliseconds, and keeps what was asked for. So the
 * raw side does the very same work, whatever launches come to be made of. `inUse`: subnets the real engine has.
 */
export async function recordLaunch(
  lab: Lab,
  image: (name: string) => string,
  inUse: readonly string[],
): Promise<Recording> {
  const networks: NetworkSpec[] = [];
  const volumes: VolumeSpec[] = [];
  const containers = new Map<string, RecordedContainer>();
  const ready = new Map<string, ExecSpec>();
  const update = (id: string, change: Partial<RecordedContainer>) => {
    const known = containers.get(id);
    if (known) containers.set(id, { ...known, ...change });
  };
  const memory = memoryEngine({ programs: { '/usr/local/bin/node': async () => 0 } });
  const engine: Engine = {
    ...memory,
    subnets: async () => [...inUse, ...(await memory.subnets())],
    createNetwork(spec) {
      networks.push(spec);
      return memory.createNetwork(spec);
    },
    createVolume(spec) {
      volumes.push(spec);
      return memory.createVolume(spec);
    },
    async createContainer(spec) {
      const id = await memory.createContainer(spec);
      containers.set(id, { id, spec, files: null, started: false });
      return id;
    },
    startContainer(id) {
      update(id, { started: true });
      return memory.startContainer(id);
    },
    putFiles(id, path, tar) {
      update(id, { files: { path, tar: Buffer.from(tar) } });
      return memory.putFiles(id, path, tar);
    },
    exec(id, spec) {
      ready.set(id, spec);
      return memory.exec(id, spec);
    },
  };
  const launch = await open(engine, lab, image);
  const opened = [...containers.values()];
  await launch.check();
  const checkers = [...containers.values()].slice(opened.length).map(({ spec }) => spec);
  return { networks, volumes, containers: opened, ready, checkers };
}

async function open(engine: Engine, lab: Lab, image: (name: string) => string) {
  const id = randomBytes(6).toString('hex');
  // As runner/main.ts finds them: facts of the kernel under the engine.
  const sandbox = {
    ipv6: existsSync('/proc/sys/net/ipv6'),
    appArmor: existsSync('/sys/kernel/security/apparmor/profiles'),
  };
  const deps = { engine, image, owner: 'bench', subnets: subnetPool(SUBNETS), sandbox, clock: Date.now };
  const launch = await openLaunch(deps, {
    id,
    session: id,
    lab,
    plan: planLaunch(lab.scenario, lab.workspace.get('compose.yaml')?.toString('utf8') ?? ''),
    workspace: lab.workspace,
    deployed: lab.workspace,
    secrets: launchSecrets(randomBytes(32), id, lab.scenario.secrets),
    onStep: () => undefined,
  });
  const fixes = Object.entries(lab.scenario.tasks).flatMap(([task, { kind }]) => (kind === 'fix' ? [task] : []));
  const random = (bytes: number) => randomBytes(bytes).toString('hex');
  // The verdict is of no interest: the checkers here are stand-ins that end at once.
  return { check: () => runCheck({ engine, image, sandbox, random }, checkTarget(deps, launch), lab, fixes) };
}
