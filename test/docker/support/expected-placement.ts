import { engineName } from '../../../runner/core/labels/labels.ts';
import { type LaunchPlan, WORKBENCH } from '../../../runner/core/plan/launch-plan.ts';
import { type Placement, type VolumeMount, volumeMount } from '../../../runner/core/policy/host-config.ts';
import type { Role } from '../../../runner/core/policy/roles.ts';

/** A container of a launch by its labels. */
export interface Place {
  readonly role: Role;
  readonly position: string;
  readonly generation: number;
}

type Where = Pick<Placement, 'network' | 'mounts'>;

/** Where the table of roles puts a container, worked out from the plan alone. `holders`: position → container id. */
export function expectedPlacement(
  launch: string,
  plan: LaunchPlan,
  holders: ReadonlyMap<string, string>,
  place: Place,
): Where {
  const { role, position } = place;
  const joined = { kind: 'joined', container: holders.get(position) ?? 'no holder' } as const;
  switch (role) {
    case 'holder': {
      const [first] = plan.positions.find(({ name }) => name === position)?.networks ?? [];
      return {
        network: { kind: 'own', network: engineName(launch, 'net', first?.network ?? '') },
        mounts: heldVolumes(launch, plan, position).map((volume, at) => volumeMount(volume, `/mnt/${at}`, 'read-only')),
      };
    }
    case 'workbench':
      return {
        network: joined,
        mounts: [volumeMount(engineName(launch, 'home'), '/home/learner', 'read-write')],
      };
    case 'filer':
      return { network: { kind: 'none' }, mounts: stagedVolumes(launch, plan, place, 'read-write') };
    case 'checker':
      return { network: joined, mounts: [] };
    default:
      return {
        network: joined,
        mounts: [
          ...stagedVolumes(launch, plan, place, 'read-only'),
          ...serviceOf(plan, position).data.map(({ volume, target }) =>
            volumeMount(engineName(launch, 'data', volume), target, 'read-write'),
          ),
        ],
      };
  }
}

const serviceOf = (plan: LaunchPlan, name: string) => {
  const service = plan.services.find((one) => one.name === name);
  if (!service) throw new Error(`the plan has no service ${name}`);
  return service;
};

function heldVolumes(launch: string, plan: LaunchPlan, position: string): string[] {
  if (position === WORKBENCH) return [engineName(launch, 'home')];
  const service = plan.services.find(({ name }) => name === position);
  return (service?.data ?? []).map(({ volume }) => engineName(launch, 'data', volume));
}

function stagedVolumes(
  launch: string,
  plan: LaunchPlan,
  { position, generation }: Place,
  access: 'read-only' | 'read-write',
): VolumeMount[] {
  const name = (...parts: (string | number)[]) => engineName(launch, position, generation, ...parts);
  return [
    ...serviceOf(plan, position).files.map(({ target }, at) => volumeMount(name('files', at), target, access)),
    volumeMount(name('secrets'), '/run/secrets', access),
  ];
}
