import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Canary } from '../../core/ports/isolation.ts';
import { hostAddresses } from './host-addresses.ts';

/** Listens on all addresses of this machine, takes no byte from whoever connects, and ends with its disposal. */
export async function openCanary(): Promise<Canary> {
  const addresses = await hostAddresses();
  const server = createServer((socket) => socket.destroy());
  await once(server.listen(0, '0.0.0.0').unref(), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    addresses,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}
