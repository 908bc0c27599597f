import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { dockerImageEngine } from '../../engine/images/docker-image-engine.ts';
import type { CliContext } from '../context.ts';
import { askEngine } from '../machine/ask-engine.ts';
import { engineFile } from '../machine/start-engine.ts';
import { readState } from '../machine/state-file.ts';
import { endProcess } from './stop-server.ts';

const Mark = z.object({ pid: z.int(), started: z.string() });

/** Images, then an engine we started ourselves, then DRYDOCK_HOME: in that order each step still finds what it needs. */
export async function removeEverything(context: CliContext): Promise<void> {
  if ((await askEngine(context.engine.address)).kind === 'ready') {
    const count = await dockerImageEngine(context.engine.address).removeAll();
    context.say(`Removed ${count} images.`);
  }
  const dockerd = await readState(engineFile(context.home), Mark);
  if (dockerd) {
    await endProcess(dockerd, context.clock);
    context.say('Stopped the container engine that Drydock had started.');
  }
  await rm(context.home, { recursive: true, force: true });
  context.say(`Removed ${context.home}. Installed Debian packages stay; remove them with apt-get.`);
}
