import { DrydockError } from '#contract';
import { missingImages } from './build-images.ts';
import type { ImageEngine } from './image-engine.ts';
import { imageTags } from './image-tags.ts';

/** `drydock/node` or `node` → its tag. Throws DrydockError `image-missing` for a name there is no image of. */
export type ResolveImage = (name: string) => string;

/**
 * Reads the repository's images once. With an engine, throws DrydockError `image-missing` unless it has them all.
 */
export async function resolveImages(root: string, engine?: ImageEngine): Promise<ResolveImage> {
  const tags = await imageTags(root);
  const missing = engine ? await missingImages(root, engine) : [];
  if (missing.length > 0) throw new DrydockError('image-missing', `Not built yet: ${missing.join(', ')}.`);
  return (name) => {
    const tag = tags[name.replace(/^drydock\//, '')];
    if (!tag) throw new DrydockError('image-missing', `There is no image "${name}" below labs/images.`);
    return tag;
  };
}
