import { type Compose, Compose as ComposeSchema, type ComposeService, type Place, type Scenario } from '#contract';
import { invalid, parseYaml, type Source } from '../source/parse-yaml.ts';
import { type LaunchPlan, outsideName, type PositionPlan, type ServicePlan, WORKBENCH } from './launch-plan.ts';

const ROLE_OF_IMAGE = { 'drydock/node': 'service', 'drydock/postgres': 'database' } as const;

/**
 * Lab file and workspace → plan. `composeText` is the learner's and is trusted with nothing: it may only choose
 * among what the allowlist (contract/compose.ts) and the lab declare. Throws DrydockError `invalid-file` naming
 * file, line and column of every refusal; nothing has been made by then.
 */
export function planLaunch(scenario: Scenario, composeText: string): LaunchPlan {
  const source = parseYaml(composeText, 'compose.yaml', ComposeSchema);
  const refusals = [...wrongServices(source, scenario), ...wrongReferences(source, scenario)];
  if (refusals.length > 0) throw invalid(source.file, refusals);
  const compose = source.value;
  return {
    networks: Object.keys(compose.networks),
    positions: positions(compose, scenario),
    services: Object.entries(compose.services).map(([name, service]) => servicePlan(name, service, scenario)),
  };
}

function wrongServices(source: Source<Compose>, scenario: Scenario): Place[] {
  const asked = Object.keys(source.value.services);
  const declared = Object.keys(scenario.services);
  return [
    ...asked
      .filter((name) => !declared.includes(name))
      .map((name) =>
        source.place(
          ['services', name],
          `services.${name}: this lab has no such service (it has ${declared.join(', ')})`,
        ),
      ),
    ...declared
      .filter((name) => !asked.includes(name))
      .map((name) => source.place(['services'], `services: "${name}" is missing; every service of the lab must stay`)),
  ];
}

function wrongReferences(source: Source<Compose>, scenario: Scenario): Place[] {
  const compose = source.value;
  const places: Place[] = [];
  if (!Object.hasOwn(compose.networks, scenario.public)) {
    places.push(
      source.place(['networks'], `networks: "${scenario.public}" is missing; it is where the outside reaches the lab`),
    );
  }
  for (const secret of Object.keys(compose.secrets)) {
    if (!Object.hasOwn(scenario.secrets, secret))
      places.push(source.place(['secrets', secret], `secrets.${secret}: this lab has no such secret`));
  }
  for (const [name, service] of Object.entries(compose.services)) {
    const refuse = (kind: 'networks' | 'secrets' | 'volumes', index: number, refusal: string | null) => {
      if (refusal) places.push(source.place(['services', name, kind, index], `services.${name}.${kind}: ${refusal}`));
    };
    for (const kind of ['networks', 'secrets'] as const)
      service[kind].forEach((_, index) => void refuse(kind, index, wrongName(kind, service[kind], index, compose)));
    service.volumes.forEach((_, index) => void refuse('volumes', index, wrongMount(name, index, compose)));
  }
  return places;
}

function wrongName(kind: 'networks' | 'secrets', names: readonly string[], index: number, compose: Compose) {
  const name = names[index] ?? '';
  if (!Object.hasOwn(compose[kind], name)) return `"${name}" is not declared under ${kind}`;
  return names.indexOf(name) < index ? `"${name}" is named twice` : null;
}

/** Where a service may see files and data: below these, so that a mount cannot hide a tool of the image. */
const MOUNT_ROOTS = ['/app/', '/var/lib/', '/srv/'];

function wrongMount(service: string, index: number, compose: Compose): string | null {
  const mounts = compose.services[service]?.volumes.map(splitMount) ?? [];
  const { source, target } = mounts[index] ?? { source: '', target: '' };
  if (!MOUNT_ROOTS.some((root) => target.startsWith(root)) || !target.slice(1).split('/').every(isPlainPart)) {
    return `"${target}" cannot be mounted; use a path below ${MOUNT_ROOTS.join(' or ')}`;
  }
  if (mounts.findIndex((mount) => mount.target === target) < index) return `"${target}" is already mounted`;
  if (source.startsWith('./')) {
    return source.slice(2).split('/').every(isPlainPart) ? null : `"${source}" leaves the workspace`;
  }
  if (!Object.hasOwn(compose.volumes, source)) return `"${source}" is not declared under volumes`;
  // Shared data would be a way from one service into another that no network shows.
  const owner = Object.keys(compose.services).find((name) =>
    compose.services[name]?.volumes.some((mount) => splitMount(mount).source === source),
  );
  return owner === service ? null : `"${source}" belongs to "${owner}"; a data volume has one service`;
}

const isPlainPart = (part: string) => part !== '' && part !== '.' && part !== '..';

function splitMount(mount: string) {
  const [source = '', target = ''] = mount.split(':');
  return { source, target };
}

function positions(compose: Compose, scenario: Scenario): PositionPlan[] {
  const outside = (name: string): PositionPlan => ({ name, networks: [{ network: scenario.public, aliases: [name] }] });
  return [
    ...Object.entries(compose.services).map(([name, service]) => ({
      name,
      networks: service.networks.map((network) => ({ network, aliases: [name] })),
    })),
    outside(WORKBENCH),
    ...Array.from({ length: scenario.outside }, (_, index) => outside(outsideName(index + 1))),
  ];
}

function servicePlan(name: string, service: ComposeService, scenario: Scenario): ServicePlan {
  const declared = scenario.services[name];
  if (!declared) throw new Error(`service ${name} was not checked against the lab`);
  const mounts = service.volumes.map(splitMount);
  return {
    name,
    role: ROLE_OF_IMAGE[service.image],
    image: service.image.slice('drydock/'.length),
    command: service.command ?? [],
    environment: service.environment,
    files: mounts
      .filter((mount) => mount.source.startsWith('./'))
      .map((mount) => ({ folder: mount.source.slice(2), target: mount.target })),
    data: mounts
      .filter((mount) => !mount.source.startsWith('./'))
      .map((mount) => ({ volume: mount.source, target: mount.target })),
    secrets: service.secrets,
    ready: declared.ready,
  };
}
