import { access, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DrydockError } from '#contract';
import { DEFAULT_ADDRESS, type DockerAddress, parseDockerHost } from '../../engine/connect.ts';

/**
 * Where the engine is: DOCKER_HOST (with DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, as the docker command reads them),
 * else the first socket there is of the system's, a rootless engine's and Docker Desktop's.
 */
export async function engineAddress(
  environment: NodeJS.ProcessEnv,
): Promise<{ address: DockerAddress; given: boolean }> {
  const given = environment.DOCKER_HOST;
  if (given) return { address: await withTls(parseDockerHost(given), environment), given: true };
  const others = [
    ...(environment.XDG_RUNTIME_DIR ? [join(environment.XDG_RUNTIME_DIR, 'docker.sock')] : []),
    join(homedir(), '.docker', 'run', 'docker.sock'),
  ];
  for (const address of [DEFAULT_ADDRESS, ...others.map((socketPath) => ({ socketPath }))]) {
    if ('socketPath' in address && (await exists(address.socketPath))) return { address, given: false };
  }
  return { address: DEFAULT_ADDRESS, given: false };
}

async function withTls(address: DockerAddress, environment: NodeJS.ProcessEnv): Promise<DockerAddress> {
  if ('socketPath' in address || !environment.DOCKER_TLS_VERIFY) return address;
  const folder = environment.DOCKER_CERT_PATH ?? join(homedir(), '.docker');
  const read = (name: string) =>
    readFile(join(folder, name), 'utf8').catch((cause) => {
      throw new DrydockError('environment', `DOCKER_TLS_VERIFY is set, and ${join(folder, name)} cannot be read.`, {
        cause,
        hint: 'Set DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem.',
      });
    });
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')]);
  return { ...address, tls: { ca, cert, key } };
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
