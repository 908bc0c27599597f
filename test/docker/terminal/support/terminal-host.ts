// The terminals' server in a process of its own, so that what is measured is its memory and its loop alone.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { serveTerminals } from './serve-terminals.ts';
import { type ShellContainer, shellContainer } from './shell-container.ts';

export interface HostReport {
  readonly rssMiB: number;
  readonly lagP99Ms: number;
}

const containers: ShellContainer[] = [];
for (let count = Number(process.argv[2] ?? 1); count > 0; count--) containers.push(await shellContainer());
const server = await serveTerminals(containers.map(({ place }) => place));
const delay = monitorEventLoopDelay({ resolution: 10 });
let rss = 0;
setInterval(() => {
  rss = Math.max(rss, process.memoryUsage.rss());
}, 100).unref();

process.on('message', (word) => {
  if (word === 'start') {
    delay.enable();
    rss = 0;
  } else {
    const report: HostReport = { rssMiB: rss / 2 ** 20, lagP99Ms: delay.percentile(99) / 1e6 - 10 };
    process.send?.(report);
  }
});
process.once('disconnect', async () => {
  // The floods first: until their containers are gone, everything else is slow.
  await Promise.allSettled(containers.map((one) => one[Symbol.asyncDispose]()));
  await server[Symbol.asyncDispose]();
  process.exit(0);
});
process.send?.({ port: server.port });
