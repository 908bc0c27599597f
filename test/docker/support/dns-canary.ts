import { setTimeout as pause } from 'node:timers/promises';
import { hostConfig } from '../../../runner/core/policy/host-config.ts';
import type { Course } from './course.ts';

/** Prints the text of whatever comes to port 53 of the addresses it is given; never answers. */
const PROGRAM = `
const { createSocket } = require('node:dgram');
for (const address of process.argv.slice(1)) {
  createSocket('udp4')
    .on('message', (packet) => console.log(packet.toString('latin1').replace(/[^a-z0-9-]/gi, '.')))
    .bind(53, address, () => console.log('listens at', address));
}`;

/** A name server of this host that only counts. In a container of the host's own network: port 53 needs rights there. */
export async function dnsCanary({ docker, deps, owner, extras }: Course, addresses: readonly string[]) {
  const confined = hostConfig('service', { ...deps.sandbox, network: { kind: 'none' }, mounts: [] });
  const container = await docker.createContainer({
    name: `${owner}-dns`,
    image: deps.image('node'),
    labels: extras,
    command: ['/usr/local/bin/node', '-e', PROGRAM, '--', ...addresses],
    env: {},
    user: '0:0',
    workingDir: '/',
    interactive: false,
    hostConfig: { ...confined, NetworkMode: 'host', CapAdd: ['NET_BIND_SERVICE'] },
    endpoints: [],
  });
  await docker.startContainer(container);
  const lines = () => docker.logs(container, 1000);
  const listens = (text: string) => addresses.every((address) => text.includes(`listens at ${address}`));
  for (let tries = 0; !listens(await lines()); tries++) {
    if (tries === 50) throw new Error(`the canary name server could not listen:\n${await lines()}`);
    await pause(100);
  }
  return { packetsWith: async (word: string) => (await lines()).split('\n').filter((line) => line.includes(word)) };
}
