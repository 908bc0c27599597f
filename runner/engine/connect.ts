import { DrydockError } from '#contract';

/** Where an engine answers. With `tls` both sides show a certificate (PEM texts). */
export type DockerAddress =
  | { readonly socketPath: string }
  | {
      readonly host: string;
      readonly port: number;
      readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string };
    };

export const DEFAULT_ADDRESS: DockerAddress = { socketPath: '/var/run/docker.sock' };

/**
 * Reads a Docker host as the docker command writes it: `unix:///path` or `tcp://host:port`; nothing means the
 * default socket. Throws DrydockError `environment` for anything else.
 */
export function parseDockerHost(value: string | undefined): DockerAddress {
  if (!value) return DEFAULT_ADDRESS;
  if (value.startsWith('unix:///')) return { socketPath: value.slice('unix://'.length) };
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url?.protocol === 'tcp:' && url.hostname !== '') {
    return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 2375) };
  }
  throw new DrydockError('environment', `"${value}" is no address of a container engine.`, {
    hint: 'Set DOCKER_HOST to unix:///path/to/docker.sock or tcp://host:port, or leave it out.',
  });
}

/** For messages: where we looked. */
export function describeAddress(address: DockerAddress): string {
  return 'socketPath' in address ? address.socketPath : `${address.host}:${address.port}`;
}
