import { type Compose, Compose as ComposeSchema, type ComposeService, type Scenario, VolumeSpec } from '#contract';
import { invalid, parseYaml } from '../source/parse-yaml.ts';
import { findRefusals } from './find-refusals.ts';
import { type LaunchPlan, outsideName, type PositionPlan, type ServicePlan, WORKBENCH } from './launch-plan.ts';
import { isFiles, splitMount } from './mounts.ts';
import { planConfinement } from './plan-confinement.ts';

const MIB = 2 ** 20;

/**
 * Lab file and workspace → plan. `composeText` is the learner's and is trusted with nothing: it may only choose
 * among what the allowlist (contract/compose.ts) and the lab declare. Throws DrydockError `invalid-file` naming
 * file, line and column of every refusal; nothing has been made by then.
 */
export function planLaunch(scenario: Scenario, composeText: string): LaunchPlan {
  const source = parseYaml(composeText, 'compose.yaml', ComposeSchema);
  const refusals = findRefusals(source, scenario);
  if (refusals.length > 0) throw invalid(source.file, refusals);
  const compose = source.value;
  return {
    networks: Object.keys(compose.networks),
    positions: positions(compose, scenario),
    services: Object.entries(compose.services).map(([name, service]) => servicePlan(name, service, scenario)),
  };
}

function positions(compose: Compose, scenario: Scenario): PositionPlan[] {
  const outside = (name: string): PositionPlan => ({ name, networks: [{ network: scenario.public, aliases: [name] }] });
  return [
    ...Object.entries(compose.services).flatMap(([name, { networks }]) =>
      networks ? [{ name, networks: networks.map((network) => ({ network, aliases: [name] })) }] : [],
    ),
    outside(WORKBENCH),
    ...Array.from({ length: scenario.outside }, (_, index) => outside(outsideName(index + 1))),
  ];
}

function servicePlan(name: string, service: ComposeService, scenario: Scenario): ServicePlan {
  const declared = scenario.services[name];
  if (!declared) throw new Error(`service ${name} was not checked against the lab`);
  const mounts = service.volumes.map(splitMount);
  const { user, confinement } = planConfinement(service, declared);
  return {
    name,
    position: service.network_mode?.slice('service:'.length) ?? name,
    role: declared.role,
    image: service.image.slice('drydock/'.length),
    user,
    command: declared.command ?? service.command ?? [],
    environment: service.environment,
    files: mounts.filter(isFiles).map(({ source, target }) => ({ folder: source.slice(2), target })),
    data: mounts
      .filter((mount) => !isFiles(mount))
      .map(({ source, target }) => ({ volume: source, target, limit: dataLimit(source, scenario) })),
    scratch: service.tmpfs.filter((path) => path !== '/tmp'),
    secrets: service.secrets,
    ready: declared.ready,
    reload: declared.reload ?? null,
    confinement,
  };
}

function dataLimit(volume: string, { volumes }: Scenario) {
  const { mebibytes, inodes } = (Object.hasOwn(volumes, volume) && volumes[volume]) || VolumeSpec.parse({});
  return { bytes: mebibytes * MIB, inodes };
}
