import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { CANARY } from './prober.ts';

export interface Canary {
  readonly everywhere: number;
  readonly loopback: number;
  readonly udp: number;
  /** How often anything came: connections, and datagrams of the prober. */
  hits(): number;
}

/** Listens on this host until the process ends: TCP and UDP on all its addresses, and TCP on loopback alone, as the runner does. */
export async function canary(): Promise<Canary> {
  let hits = 0;
  const listen = async (host: string) => {
    const server = createServer((socket) => {
      hits += 1;
      socket.destroy();
    });
    await once(server.listen(0, host).unref(), 'listening');
    return server;
  };
  const [everywhere, loopback] = await Promise.all([listen('0.0.0.0'), listen('127.0.0.1')]);
  const udp = createSocket('udp4').on('message', (text) => {
    if (String(text) === CANARY) hits += 1;
  });
  await once(udp.bind(0, '0.0.0.0').unref(), 'listening');
  const port = (server: typeof everywhere) => (server.address() as AddressInfo).port;
  return {
    everywhere: port(everywhere),
    loopback: port(loopback),
    udp: udp.address().port,
    hits: () => hits,
  };
}

/** IPv4 addresses of this host but loopback. */
export const hostAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
