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
  if (!(scenario.public in compose.networks)) {
    places.push(
      source.place(['networks'], `networks: "${scenario.public}" is missing; it is where the outside reaches the lab`),
    );
  }
  for (const secret of Object.keys(compose.secrets)) {
    if (!(secret in scenario.secrets))
      places.push(source.place(['secrets', secret], `secrets.${secret}: this lab has no such secret`));
  }
  for (const [name, service] of Object.entries(compose.services)) {
    const undeclared = (kind: 'networks' | 'secrets', known: object) =>
      service[kind].forEach((item, index) => {
        if (!(item in known)) {
          places.push(
            source.place(
              ['services', name, kind, index],
              `services.${name}.${kind}: "${item}" is not declared under ${kind}`,
            ),
          );
        }
      });
    undeclared('networks', compose.networks);
    undeclared('secrets', compose.secrets);
    service.volumes.forEach((mount, index) => {
      const refusal = wrongMount(mount, compose);
      if (refusal)
        places.push(source.place(['services', name, 'volumes', index], `services.${name}.volumes: ${refusal}`));
    });
  }
  return places;
}

/** Where a service may see files and data: below these, so that a mount cannot hide a tool of the image. */
const MOUNT_ROOTS = ['/app/', '/var/lib/', '/srv/'];

function wrongMount(mount: string, compose: Compose): string | null {
  const { source, target } = splitMount(mount);
  if (!MOUNT_ROOTS.some((root) => target.startsWith(root)) || target.split('/').includes('..')) {
    return `"${target}" cannot be mounted; use a path below ${MOUNT_ROOTS.join(' or ')}`;
  }
  if (source.split('/').includes('..')) return `"${source}" leaves the workspace`;
  if (!source.startsWith('./') && !(source in compose.volumes)) return `"${source}" is not declared under volumes`;
  return null;
}

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
