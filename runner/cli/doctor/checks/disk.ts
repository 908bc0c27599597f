import { missingImages } from '../../../engine/images/build-images.ts';
import { dockerImageEngine } from '../../../engine/images/docker-image-engine.ts';
import { freeSpace, inGib } from '../../machine/free-space.ts';
import { SPACE_TO_BUILD, SPACE_TO_RUN } from '../../machine/require-space.ts';
import { type Check, type Examine, fail, ok } from '../check.ts';

export const disk: Examine = async ({ context, engine }) => {
  const checks = [await space('disk (work)', context.home, SPACE_TO_RUN)];
  if (!('socketPath' in context.engine.address)) return checks;
  const folder = (engine.kind === 'ready' && engine.info.DockerRootDir) || '/var/lib/docker';
  const built =
    engine.kind === 'ready' &&
    (await missingImages(context.root, dockerImageEngine(context.engine.address))).length === 0;
  return [...checks, await space('disk (engine)', folder, built ? SPACE_TO_RUN : SPACE_TO_BUILD)];
};

async function space(name: string, folder: string, needed: number): Promise<Check> {
  const free = await freeSpace(folder);
  const detail = `${inGib(free)} free at ${folder}`;
  return free >= needed ? ok(name, detail) : fail(name, `${detail}, ${inGib(needed)} needed`, 'Free some space.');
}
