import { setTimeout as pause } from 'node:timers/promises';
import { outsideName } from '../../core/plan/launch-plan.ts';
import type { Engine } from '../../core/ports/engine.ts';
import type { Canary, IsolationResult } from '../../core/ports/isolation.ts';
import type { Launch } from '../launch/launch.ts';
import { type Door, knock } from './knock.ts';

/** What is probed of a launch: where its positions are, and what listens there. */
export type Probed = Pick<Launch, 'positions' | 'plan'>;

/** `reached`: ADDRESS:PORT each, for the operator. */
export type Finding =
  | { readonly result: Exclude<IsolationResult, 'broken'> }
  | { readonly result: 'broken'; readonly reached: string[] };

/** Between two tries at a control that is silent. */
const PAUSE_MS = 500;
/** Where nothing listens: the kernel refuses, however busy or broken the service is. */
const CLOSED_PORT = 9;

/** Asks, from where an attacker from outside would stand, what a launch may reach and what no launch may. */
export async function probeLaunch(
  engine: Engine,
  launch: Probed,
  canary: Pick<Canary, 'port' | 'addresses'>,
  neighbour?: Probed,
): Promise<Finding> {
  const outside = outsideOf(launch);
  if (!outside) return { result: 'isolated' };
  const control = controls(launch);
  const own = new Set([...launch.positions.values()].flatMap(({ addresses }) => Object.values(addresses)));
  const host = [...new Set([...Object.values(outside.addresses).map(firstOfSubnet), ...canary.addresses])]
    .filter((address) => !own.has(address))
    .map((address) => ({ address, port: canary.port }));
  const forbidden = [...host, ...(neighbour ? controls(neighbour).slice(0, 1) : [])];
  const answers = await knock(engine, outside.holder, [...control, ...forbidden]);
  const reached = forbidden.filter((door) => answers.get(door) === 'open');
  if (reached.length > 0)
    return { result: 'broken', reached: reached.map(({ address, port }) => `${address}:${port}`) };
  if (control.length === 0 || control.some((door) => answers.has(door))) return { result: 'isolated' };
  await pause(PAUSE_MS);
  return { result: (await isDead(engine, launch)) ? 'dead' : 'isolated' };
}

/** Whether the network of a launch carries nothing. Any answer shows that it does, a refusal too. */
export async function isDead(engine: Engine, launch: Probed): Promise<boolean> {
  const outside = outsideOf(launch);
  const control = controls(launch);
  if (!outside || control.length === 0) return false;
  return (await knock(engine, outside.holder, control)).size === 0;
}

const outsideOf = ({ positions }: Probed) => positions.get(outsideName(1));

/** Doors of the service that faces the public network, its own first. */
function controls({ positions, plan }: Probed): Door[] {
  const networks = Object.keys(positions.get(outsideName(1))?.addresses ?? {});
  for (const { position, ready } of plan.services) {
    const [address] = networks.flatMap((network) => positions.get(position)?.addresses[network] ?? []);
    if (address && ready.kind !== 'log') return [ready.port, CLOSED_PORT].map((port) => ({ address, port }));
  }
  return [];
}

/** The address that an engine gives the host on a network, unless it is told not to; every network of a lab is a /28. */
const firstOfSubnet = (address: string) => address.replace(/\d+$/, (last) => `${(Number(last) & 0xf0) + 1}`);
