import { hostConfig } from '../../../runner/core/policy/host-config.ts';
import type { Course } from './course.ts';
import type { Prober } from './prober.ts';

export interface OpenNetwork {
  /** The host's own address on it. */
  readonly gateway: string;
  /** A container there, confined as a service is in everything but the network. */
  readonly inside: Prober;
}

/** For controls: a network that the host has an address on, as engines make them by themselves. */
export async function openNetwork(
  { docker, client, deps, owner, extras }: Course,
  wish: { readonly internal: boolean; readonly capabilities?: readonly string[] },
): Promise<OpenNetwork> {
  const name = `${owner}-${wish.internal ? 'internal' : 'open'}`;
  const subnet = deps.subnets.reserve(await docker.subnets());
  const gateway = subnet.replace(/\d+\/28$/, (last) => String(Number.parseInt(last, 10) + 1));
  await client.docker.createNetwork({
    Name: name,
    Driver: 'bridge',
    Internal: wish.internal,
    IPAM: { Driver: 'default', Config: [{ Subnet: subnet, Gateway: gateway }] },
    Labels: extras,
  });
  const own = hostConfig('service', { ...deps.sandbox, network: { kind: 'own', network: name }, mounts: [] });
  const container = await docker.createContainer({
    name: `${name}-inside`,
    image: deps.image('base'),
    labels: extras,
    command: ['/bin/sleep', 'infinity'],
    env: {},
    user: '0:0',
    workingDir: '/',
    interactive: false,
    hostConfig: { ...own, Dns: [gateway], CapAdd: wish.capabilities ?? [] },
    endpoints: [{ network: name, aliases: [] }],
  });
  await docker.startContainer(container);
  return { gateway, inside: { container, user: '0:0', language: 'perl' } };
}
