import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Network extends AsyncDisposable {
  /** A switch of Chromium that leads all it sends to `origin` through here. */
  readonly browserSwitch: string;
  /** Cuts every connection and lets no new one through for so long. */
  cutFor(milliseconds: number): Promise<void>;
}

/** The way between a browser and the server, which can be taken away. */
export async function network(origin: string): Promise<Network> {
  const { hostname, port, host } = new URL(origin);
  const open = new Set<Socket>();
  let cut = false;
  const server = createServer((near) => {
    if (cut) return void near.resetAndDestroy();
    const far = connect(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one.on('error', () => undefined);
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const dropAll = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    browserSwitch: `--host-resolver-rules=MAP ${host} 127.0.0.1:${(server.address() as AddressInfo).port}`,
    async cutFor(milliseconds) {
      cut = true;
      dropAll();
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      cut = false;
    },
    async [Symbol.asyncDispose]() {
      dropAll();
      server.close();
      await once(server, 'close');
    },
  };
}
