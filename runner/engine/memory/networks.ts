import type { NetworkSpec } from '../../core/ports/engine.ts';
import { formatAddress, overlaps, parseCidr } from '../cidr.ts';
import { refused } from '../refused.ts';
import { findNetwork, type MemoryContainer, newId, type World } from './world.ts';

export function createNetwork(world: World, spec: NetworkSpec): string {
  const asked = `create the network ${spec.name} (${spec.subnet})`;
  const range = parseCidr(spec.subnet);
  if (!range) throw refused(asked, `invalid subnet ${spec.subnet}`);
  for (const { spec: other } of world.networks.values()) {
    if (other.name === spec.name) throw refused(asked, `network with name ${spec.name} already exists`);
    const taken = parseCidr(other.subnet);
    if (taken && overlaps(range, taken)) throw refused(asked, 'Pool overlaps with other one on this address space');
    if (other.bridge === spec.bridge) throw refused(asked, `bridge name ${spec.bridge} is in use by ${other.name}`);
  }
  const id = newId(world);
  world.networks.set(id, { id, spec });
  return id;
}

export function removeNetwork(world: World, id: string): void {
  const network = findNetwork(world, id);
  if (!network) return;
  const user = [...world.containers.values()].find(({ addresses }) => network.spec.name in addresses);
  if (user)
    throw refused(`remove the network ${id}`, `network ${network.spec.name} has active endpoints (${user.spec.name})`);
  world.networks.delete(network.id);
}

/** Addresses in order from the third of the subnet: the first is the network's, the second the gateway's. */
export function takeAddresses(world: World, container: MemoryContainer): Record<string, string> {
  const asked = `start the container ${container.id}`;
  const addresses: Record<string, string> = {};
  for (const { network: id } of container.spec.endpoints) {
    const network = findNetwork(world, id);
    if (!network) throw refused(asked, `network ${id} not found`);
    const { name, subnet } = network.spec;
    const range = parseCidr(subnet);
    const taken = new Set([...world.containers.values()].map((other) => other.addresses[name]));
    let address = (range?.first ?? 0) + 2;
    while (taken.has(formatAddress(address))) address++;
    if (!range || address >= range.last) throw refused(asked, `no available IPv4 addresses on ${name}`);
    addresses[name] = formatAddress(address);
  }
  return addresses;
}
