import { missingImages } from '../../engine/images/build-images.ts';
import { dockerImageEngine } from '../../engine/images/docker-image-engine.ts';
import { imageTags } from '../../engine/images/image-tags.ts';
import type { CliContext } from '../context.ts';
import { requireEngine } from '../setup/require-engine.ts';

export async function listImages(context: CliContext): Promise<void> {
  await requireEngine(context);
  const engine = dockerImageEngine(context.engine.address);
  const [tags, missing, stored] = await Promise.all([
    imageTags(context.root),
    missingImages(context.root, engine),
    engine.list(),
  ]);
  for (const [name, tag] of Object.entries(tags)) {
    const image = stored.find((one) => one.tags.includes(tag));
    const state = image ? `${Math.round(image.bytes / 1e6)} MB` : missing.includes(name) ? 'not built' : 'not needed';
    context.out(`${tag}  ${state}`);
  }
}
