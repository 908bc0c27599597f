import { Compose, DrydockError, type Place } from '#contract';
import { parseYaml } from '../source/parse-yaml.ts';
import type { LaunchPlan } from './launch-plan.ts';

/** Throws DrydockError `invalid-file` where an apply would have to move something. */
export function refuseMoves(before: LaunchPlan, after: LaunchPlan, composeText: string): void {
  const places = findMoves(before, after, composeText);
  const [first] = places;
  if (!first) return;
  throw new DrydockError(
    'invalid-file',
    `compose.yaml changes networks or data volumes, which are made when the lab opens. Nothing was changed. ${first.file}:${first.line}:${first.column} ${first.message}`,
    {
      at: places,
      hint: 'Put them back as they were, or stop the lab and open it again: it then opens with the workspace as it is.',
    },
  );
}

/**
 * Networks, positions and data volumes are made when a lab opens. Returns each place of `composeText` where `after`, its
 * plan, has others than `before`.
 */
export function findMoves(before: LaunchPlan, after: LaunchPlan, composeText: string): Place[] {
  const source = parseYaml(composeText, 'compose.yaml', Compose);
  const places: Place[] = [];
  const refuse = (message: string, ...path: string[]) => void places.push(source.place(path, message));

  const networks = changed(before.networks, after.networks);
  for (const name of networks.added) refuse(`networks.${name}: it was not there when the lab opened`, 'networks', name);
  for (const name of networks.gone) refuse(`networks: "${name}" is gone`, 'networks');

  const [was, is] = [placesOf(before), placesOf(after)];
  const services = changed([...was.keys()], [...is.keys()]);
  for (const name of services.added) refuse(`services.${name}: it was not there when the lab opened`, 'services', name);
  for (const name of services.gone) refuse(`services: "${name}" is gone`, 'services');
  for (const [name, { networks, data }] of is) {
    const then = was.get(name);
    if (!then) continue;
    for (const [key, old, now] of [
      ['networks', then.networks, networks],
      ['volumes', then.data, data],
    ] as const) {
      if (old !== now)
        refuse(`services.${name}.${key}: when the lab opened it had ${old || 'none'}`, 'services', name, key);
    }
  }
  return places;
}

function changed(before: readonly string[], after: readonly string[]) {
  return {
    added: after.filter((name) => !before.includes(name)),
    gone: before.filter((name) => !after.includes(name)),
  };
}

/** Position → its networks and the data kept there, as text in an order of their own. */
function placesOf({ positions, services }: LaunchPlan) {
  return new Map(
    positions.map(({ name, networks }) => {
      const data = services.find((service) => service.name === name)?.data ?? [];
      return [
        name,
        {
          networks: networks
            .map(({ network }) => network)
            .sort()
            .join(', '),
          data: data
            .map(({ volume, target }) => `${volume}:${target}`)
            .sort()
            .join(', '),
        },
      ] as const;
    }),
  );
}
