import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { localAddresses } from '../../runner/engine/canary/host-addresses.ts';
import { openCanary } from '../../runner/engine/canary/open-canary.ts';

async function answers(host: string, port: number): Promise<boolean> {
  const socket = connect(port, host);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

test('N6 the canary answers on every address of this machine, and no more once it is disposed of', async () => {
  const canary = await openCanary();
  const { port, addresses } = canary;
  const up = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  for (const { family, internal, address } of up)
    if (family === 'IPv4' && !internal) assert.ok(addresses.includes(address), address);
  for (const address of ['127.0.0.1', ...addresses]) assert.ok(await answers(address, port), address);
  await canary[Symbol.asyncDispose]();
  for (const address of ['127.0.0.1', ...addresses]) assert.equal(await answers(address, port), false, address);
});

test('the addresses of interfaces that are down are known too, loopback and broadcast are not meant', () => {
  const table = `Local:
  +-- 0.0.0.0/0 3 0 5
     +-- 127.0.0.0/8 2 0 2
        |-- 127.0.0.1
           /32 host LOCAL
     +-- 172.17.0.0/16 2 0 2
        |-- 172.17.0.0
           /16 link UNICAST
        |-- 172.17.0.1
           /32 host LOCAL
        |-- 172.17.255.255
           /32 link BROADCAST
`;
  assert.deepEqual(localAddresses(table.repeat(2)), ['172.17.0.1']);
});
