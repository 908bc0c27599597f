import type { Session } from '#contract';
import { LABEL } from '../../../runner/core/labels/labels.ts';
import { type SessionWorld, USER } from './session-world.ts';

/** Writes a file of the workspace, as the editor does. */
export async function edit({ sessions }: SessionWorld, { id }: Session, path: string, content: string): Promise<void> {
  const { version } = await sessions.readFile(USER, id, path);
  await sessions.writeFile(USER, id, { path, content, version });
}

/** A file as each running container of a service sees it below /app/src. */
export async function served(world: SessionWorld, session: Session, service: string, file: string): Promise<string[]> {
  const path = `/app/src/${file.slice(service.length + 1)}`;
  return Promise.all((await containersAt(world, session, service)).map((id) => readInside(world, id, path)));
}

/** The flag as the service that guards it reads it. */
export async function flagInside(world: SessionWorld, session: Session): Promise<string> {
  const [gateway = ''] = await containersAt(world, session, 'gateway');
  return readInside(world, gateway, '/run/secrets/flag-forge-token');
}

/** How much of each kind a session has on the engine. */
export async function inventory({ memory }: SessionWorld, session: Session) {
  const { containers, networks, volumes } = await memory.list({ [LABEL.session]: session.id });
  return { containers: containers.length, networks: networks.length, volumes: volumes.length };
}

async function containersAt({ memory }: SessionWorld, session: Session, service: string): Promise<string[]> {
  const { containers } = await memory.list({ [LABEL.session]: session.id, [LABEL.position]: service });
  return containers
    .filter(({ running, labels }) => running && labels[LABEL.role] !== 'holder')
    .map((container) => container.id);
}

async function readInside({ memory }: SessionWorld, container: string, path: string): Promise<string> {
  const { output } = await memory.exec(container, { argv: ['/bin/cat', path], user: '' });
  const chunks = await Array.fromAsync(output, ({ bytes }) => bytes);
  return Buffer.concat(chunks).toString('utf8');
}
