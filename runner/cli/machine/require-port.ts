import { createServer } from 'node:net';
import { DrydockError } from '#contract';

/** Throws DrydockError `environment` unless this address can be listened on right now. */
export async function requirePort(host: string, port: number): Promise<void> {
  const code = await tryPort(host, port);
  if (code === null) return;
  throw new DrydockError('environment', `Drydock cannot listen on ${host} port ${port}: ${REASONS[code] ?? code}.`, {
    hint: HINTS[code] ?? 'Choose another with: npm start -- --port N',
  });
}

const REASONS: Record<string, string> = {
  EADDRINUSE: 'another program already does',
  EACCES: 'ports below 1024 take root',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no machine of that name',
};
const HINTS: Record<string, string> = {
  EADDRNOTAVAIL: 'Choose an address of this machine with --host, or leave it out.',
  ENOTFOUND: 'Choose an address of this machine with --host, or leave it out.',
};

/** The error code of listening there, or null when it works. */
export function tryPort(host: string, port: number): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const server = createServer();
  server.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  return promise;
}
