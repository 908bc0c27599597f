// The server under measurement, in a process of its own, as it is to a browser. It ends, and every lab of it, when the
// process that measures is gone, however that went.
import { dockerEngine } from '../../engine/docker/docker-engine.ts';
import { serve } from '../../main.ts';
import { removeBench } from './remove-bench.ts';

// Ctrl-C reaches both processes; the one that measures decides.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

try {
  const { home, address, logFile } = JSON.parse(process.argv[2] ?? '{}');
  const server = await serve({ host: '127.0.0.1', port: 0, home, address, logFile });
  const end = async () => {
    await server.stopAll();
    await removeBench(dockerEngine({ address }), home);
    process.exit(0);
  };
  process.once('disconnect', end);
  if (process.connected) process.send?.({ url: server.url, link: server.signInUrl() });
  else await end();
} catch (error) {
  process.send?.({ failure: (error as Error).message });
  process.disconnect?.();
}
