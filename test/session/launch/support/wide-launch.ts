import { toPublic } from '#contract';
import { LABEL } from '../../../../runner/core/labels/labels.ts';
import { planLaunch } from '../../../../runner/core/plan/plan-launch.ts';
import type { ContainerSpec } from '../../../../runner/core/ports/engine.ts';
import { launchSecrets } from '../../../../runner/core/secrets/launch-secrets.ts';
import { memoryEngine } from '../../../../runner/engine/memory/memory-engine.ts';
import { subnetPool } from '../../../../runner/engine/subnets.ts';
import type { Files, Lab } from '../../../../runner/library/lab.ts';
import { adoptLaunch } from '../../../../runner/session/launch/adopt-launch.ts';
import { applyWorkspace } from '../../../../runner/session/launch/apply-workspace.ts';
import { openLaunch } from '../../../../runner/session/launch/open-launch.ts';
import { WIDE_COMPOSE, WIDE_SCENARIO } from '../../../core/support/wide-lab.ts';
import { aroundCalls } from '../../../support/around-calls.ts';
import type { EngineCall } from '../../../support/with-faults.ts';

const ID = '0123456789abcdef';

/** A workspace of the wide lab with other files than it ships, or without some (null). */
export function workspace(changes: Readonly<Record<string, string | null>> = {}): Files {
  const files = {
    'compose.yaml': WIDE_COMPOSE,
    'gateway/server.ts': '// shipped',
    'proxy/proxy.cfg': 'shipped',
    'watcher/rules.txt': 'shipped',
    ...changes,
  };
  return new Map(Object.entries(files).flatMap(([path, text]) => (text === null ? [] : [[path, Buffer.from(text)]])));
}

/** Runs before each call of the engine; what it throws is what the call throws. */
export type Before = (call: EngineCall, first: unknown, second: unknown) => Promise<void> | void;

/** The wide lab, open on an engine in memory. `calls`: what the engine was asked for, in order. */
export async function wideLaunch(deployed: Files = workspace()) {
  const memory = memoryEngine();
  const specs = new Map<string, ContainerSpec>();
  const calls: string[] = [];
  let before: Before = () => undefined;
  const logged = aroundCalls(memory, async (call, first) => {
    calls.push(
      `${call} ${typeof first === 'string' ? (specs.get(first)?.name ?? first) : ((first as ContainerSpec)?.name ?? '')}`,
    );
  });
  const engine: typeof memory = {
    ...memory,
    ...logged,
    async createContainer(spec) {
      await before('createContainer', spec, undefined);
      const id = await logged.createContainer(spec);
      specs.set(id, spec);
      return id;
    },
    startContainer: (id) => logged.startContainer(id),
    removeContainer: (id) => logged.removeContainer(id),
    async createVolume(spec) {
      await before('createVolume', spec, undefined);
      await logged.createVolume(spec);
    },
    async killContainer(id, signal) {
      await before('killContainer', id, signal);
      calls.push(`${signal} ${specs.get(id)?.name}`);
      await memory.killContainer(id, signal);
    },
    // What the sensor of the lab says once it listens.
    logs: async (id) => (specs.get(id)?.labels[LABEL.role] === 'sensor' ? 'now watching\n' : ''),
  };
  const deps = {
    engine,
    image: (name: string) => `drydock/${name}:test`,
    owner: 'o1',
    subnets: subnetPool({ base: '10.213.0.0/24', prefix: 28 }),
    sandbox: { ipv6: false, appArmor: false },
    clock: () => 0,
  };
  const lab: Lab = {
    id: 'wide',
    scenario: WIDE_SCENARIO,
    public: toPublic('wide', WIDE_SCENARIO, {}),
    workspace: deployed,
    taskFiles: {},
    probes: {},
    probesFolder: '',
    messages: {},
  };
  const secrets = launchSecrets(Buffer.alloc(32), ID, WIDE_SCENARIO.secrets);
  const planOf = (files: Files) => planLaunch(WIDE_SCENARIO, String(files.get('compose.yaml')));
  const launch = await openLaunch(deps, {
    id: ID,
    session: 's1',
    lab,
    plan: planOf(deployed),
    workspace: deployed,
    deployed,
    secrets,
    onStep: () => undefined,
  });

  return {
    memory,
    launch,
    specs,
    calls,
    before(run: Before) {
      before = run;
    },
    apply: (files: Files) => applyWorkspace(deps, launch, files),
    /** Container of a service as the launch has it. */
    container: (service: string) => launch.services.get(service)?.container ?? '',
    /** Names of what runs at a position, without the holder and the workbench. */
    async at(position: string): Promise<string[]> {
      const { containers } = await memory.list({ [LABEL.launch]: ID, [LABEL.position]: position });
      return containers
        .filter(({ labels }) => !['holder', 'workbench'].includes(labels[LABEL.role] ?? ''))
        .map(({ name }) => name.replace(`drydock-${ID}-`, ''));
    },
    /** Names of the volumes of a service's deployments. */
    async volumesOf(service: string): Promise<string[]> {
      const { volumes } = await memory.list({ [LABEL.launch]: ID });
      return volumes
        .map(({ name }) => name.replace(`drydock-${ID}-`, ''))
        .filter((name) => name.startsWith(`${service}-`));
    },
    file: (volume: string, path: string) => memory.filesOf(`drydock-${ID}-${volume}`).get(path)?.bytes.toString(),
    /** As the next runner finds it, which knows these files as the last ones deployed whole. */
    async adopt(applied: Files) {
      const found = await adoptLaunch(engine, {
        id: ID,
        session: 's1',
        lab,
        plan: planOf(applied),
        secrets,
        deployed: applied,
        image: deps.image,
        inventory: await memory.list({ [LABEL.launch]: ID }),
      });
      return { found, apply: (files: Files) => (found ? applyWorkspace(deps, found, files) : Promise.reject()) };
    },
  };
}
