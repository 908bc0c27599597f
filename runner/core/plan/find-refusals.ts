import type { Compose, ComposeService, Place, Scenario, ServiceSpec } from '#contract';
import type { Source } from '../source/parse-yaml.ts';
import { outsideName } from './launch-plan.ts';
import { wrongMount, wrongScratch } from './mounts.ts';
import { planConfinement } from './plan-confinement.ts';
import { IMAGES_OF_ROLE, joinsPosition } from './role-rules.ts';

/** Addresses of a /28 that are left for positions: not the network's, the gateway's and the broadcast's. */
const ADDRESSES = 13;

/** Every place where a compose.yaml asks for what its lab does not give. */
export function findRefusals(source: Source<Compose>, scenario: Scenario): Place[] {
  const compose = source.value;
  return [
    ...wrongServices(source, scenario),
    ...wrongNetworks(source, scenario),
    ...Object.keys(compose.secrets)
      .filter((secret) => !Object.hasOwn(scenario.secrets, secret))
      .map((secret) => source.place(['secrets', secret], `secrets.${secret}: this lab has no such secret`)),
    ...Object.entries(compose.services).flatMap(([name, service]) => {
      const spec = Object.hasOwn(scenario.services, name) ? scenario.services[name] : undefined;
      if (!spec) return [];
      return wrongParts(name, service, spec, compose, scenario).map(({ path, message }) => {
        const words = path.filter((part) => typeof part === 'string');
        return source.place(['services', name, ...path], `${['services', name, ...words].join('.')}: ${message}`);
      });
    }),
  ];
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
      .filter((name) => !asked.includes(name) && !scenario.services[name]?.optional)
      .map((name) => source.place(['services'], `services: "${name}" is missing; every service of the lab must stay`)),
  ];
}

function wrongNetworks(source: Source<Compose>, scenario: Scenario): Place[] {
  const compose = source.value;
  if (!Object.hasOwn(compose.networks, scenario.public)) {
    return [
      source.place(['networks'], `networks: "${scenario.public}" is missing; it is where the outside reaches the lab`),
    ];
  }
  return Object.keys(compose.networks).flatMap((network) => {
    const services = Object.values(compose.services).filter(({ networks }) => networks?.includes(network)).length;
    // The workbench is there, too.
    const room = network === scenario.public ? ADDRESSES - scenario.outside - 1 : ADDRESSES;
    if (services <= room) return [];
    return [source.place(['networks', network], `networks.${network}: it has room for ${room} services`)];
  });
}

interface Refusal {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

function wrongParts(
  name: string,
  service: ComposeService,
  spec: ServiceSpec,
  compose: Compose,
  scenario: Scenario,
): readonly Refusal[] {
  const { role } = spec;
  const images = IMAGES_OF_ROLE[role];
  const each = (key: 'networks' | 'secrets' | 'volumes' | 'tmpfs', wrong: (index: number) => string | null) =>
    (service[key] ?? []).flatMap((_, index) => {
      const message = wrong(index);
      return message ? [{ path: [key, index], message }] : [];
    });
  return [
    ...(images.includes(service.image) ? [] : [{ path: ['image'], message: `a ${role} runs ${images.join(' or ')}` }]),
    ...(role === 'sensor' && service.command
      ? [{ path: ['command'], message: "a sensor's command is the lab's" }]
      : []),
    ...(role === 'sensor' && Object.keys(service.environment).length > 0
      ? [{ path: ['environment'], message: 'a sensor takes no environment' }]
      : []),
    ...(role === 'sensor' && service.secrets.length > 0
      ? [{ path: ['secrets'], message: 'a sensor is given no secrets' }]
      : []),
    ...wrongPosition(service, spec, compose, scenario),
    ...each('networks', (index) => wrongName('networks', service.networks ?? [], index, compose)),
    ...each('secrets', (index) => wrongName('secrets', service.secrets, index, compose)),
    ...each('volumes', (index) => wrongMount(name, role, index, compose)),
    ...each('tmpfs', (index) => wrongScratch(service.tmpfs, index, service.volumes)),
    ...planConfinement(service, spec).refusals,
  ];
}

function wrongName(kind: 'networks' | 'secrets', names: readonly string[], index: number, compose: Compose) {
  const name = names[index] ?? '';
  if (!Object.hasOwn(compose[kind], name)) return `"${name}" is not declared under ${kind}`;
  return names.indexOf(name) < index ? `"${name}" is named twice` : null;
}

/** A service has networks; a sidecar or a sensor has the position of one that has them. */
function wrongPosition(
  service: ComposeService,
  { role }: ServiceSpec,
  compose: Compose,
  scenario: Scenario,
): Refusal[] {
  const joined = service.network_mode;
  if (!joinsPosition(role)) {
    if (joined) return [{ path: ['network_mode'], message: `a ${role} has networks of its own` }];
    return service.networks ? [] : [{ path: [], message: 'networks are missing' }];
  }
  if (service.networks) return [{ path: ['networks'], message: `a ${role} is on the networks of what it joins` }];
  if (!joined) return [{ path: [], message: `a ${role} needs network_mode: "service:NAME"` }];
  const name = joined.slice('service:'.length);
  const places = [
    ...Object.keys(compose.services).filter((one) => compose.services[one]?.networks),
    ...(role === 'sensor' ? Array.from({ length: scenario.outside }, (_, index) => outsideName(index + 1)) : []),
  ];
  if (places.includes(name)) return [];
  return [{ path: ['network_mode'], message: `"${name}" cannot be joined (${places.join(', ')} can)` }];
}
