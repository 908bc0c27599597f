import type { Role } from '../policy/roles.ts';
import type { Labels } from '../ports/engine.ts';

/** Every label we set, in one place. */
export const LABEL = {
  app: 'drydock.app',
  owner: 'drydock.owner',
  launch: 'drydock.launch',
  session: 'drydock.session',
  lab: 'drydock.lab',
  role: 'drydock.role',
  position: 'drydock.position',
  /** Service and generation: all that one deployment of a service made. */
  deployment: 'drydock.deployment',
  /** SHA-256 over all that decides what a service is, so that a runner that finds it knows what it runs. */
  fingerprint: 'drydock.fingerprint',
  /** Unix seconds. */
  created: 'drydock.created',
} as const;

export const APP = 'drydock';

export function launchLabels(launch: {
  id: string;
  session: string;
  lab: string;
  owner: string;
  clock: () => number;
}): Labels {
  return {
    [LABEL.app]: APP,
    [LABEL.owner]: launch.owner,
    [LABEL.launch]: launch.id,
    [LABEL.session]: launch.session,
    [LABEL.lab]: launch.lab,
    [LABEL.created]: String(Math.floor(launch.clock() / 1000)),
  };
}

export function roleLabels(labels: Labels, role: Role, position: string): Labels {
  return { ...labels, [LABEL.role]: role, [LABEL.position]: position };
}

export function deploymentLabels(labels: Labels, service: string, generation: number): Labels {
  return { ...labels, [LABEL.deployment]: `${service}-${generation}` };
}

/** Number of the deployment of this service that made what carries these labels; null when it is none of its. */
export function generationOf(service: string, labels: Labels): number | null {
  const [, name, generation] = /^(.*)-(\d+)$/.exec(labels[LABEL.deployment] ?? '') ?? [];
  return name === service ? Number(generation) : null;
}

export const engineName = (launch: string, ...parts: (string | number)[]) => ['drydock', launch, ...parts].join('-');

/** Linux interface names hold 15 characters; one iptables pattern, `lab+`, matches them all. */
export const bridgeName = (launch: string, index: number) => `lab${launch.slice(0, 10)}${index.toString(36)}`;
