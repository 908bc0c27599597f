import { setTimeout as pause } from 'node:timers/promises';
import type { NetworkSpec } from '../../core/ports/engine.ts';
import { DEADLINE } from './call.ts';
import type { Client } from './client.ts';
import { isRefusal, wordsOf } from './errors.ts';

const REMOVALS = 4;
const PAUSE_MS = 200;

export async function createNetwork(client: Client, spec: NetworkSpec, engineMajor: number): Promise<string> {
  return client.call(
    `create the network ${spec.name} (${spec.subnet})`,
    { deadline: DEADLINE.make },
    async (abortSignal) => {
      const network = await client.docker.createNetwork({
        Name: spec.name,
        CheckDuplicate: true,
        Driver: 'bridge',
        Internal: true,
        Attachable: false,
        EnableIPv6: false,
        IPAM: { Driver: 'default', Config: [{ Subnet: spec.subnet }] },
        Options: bridgeOptions(spec.bridge, engineMajor),
        Labels: { ...spec.labels },
        abortSignal,
      });
      return network.id;
    },
  );
}

/** The host gets no address on the bridge, so a lab cannot reach it: by the option this engine knows. */
export function bridgeOptions(bridge: string, engineMajor: number): Record<string, string> {
  return {
    'com.docker.network.bridge.name': bridge,
    'com.docker.network.bridge.enable_ip_masquerade': 'false',
    ...(engineMajor >= 28
      ? { 'com.docker.network.bridge.gateway_mode_ipv4': 'isolated' }
      : { 'com.docker.network.bridge.inhibit_ipv4': 'true' }),
  };
}

/** A container that is just going still holds its endpoint for a moment: wait for it, a few times. */
export async function removeNetwork(client: Client, id: string): Promise<void> {
  await client.call(
    `remove the network ${id}`,
    { deadline: DEADLINE.remove, idempotent: true },
    async (abortSignal) => {
      for (let attempt = 1; ; attempt++) {
        try {
          await client.docker.getNetwork(id).remove({ abortSignal });
          return;
        } catch (error) {
          if (isRefusal(error, 404)) return;
          if (attempt === REMOVALS || !isRefusal(error) || !/active endpoints/i.test(wordsOf(error))) throw error;
          await pause(PAUSE_MS * attempt);
        }
      }
    },
  );
}

export async function subnets(client: Client): Promise<string[]> {
  const networks = await client.call('list its networks', { deadline: DEADLINE.ask, idempotent: true }, (abortSignal) =>
    client.docker.listNetworks({ abortSignal }),
  );
  return networks.flatMap(({ IPAM }) => (IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet ? [Subnet] : [])));
}
