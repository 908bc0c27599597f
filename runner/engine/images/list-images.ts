import type { Client } from '../docker/client.ts';
import { isRefusal } from '../docker/errors.ts';
import type { StoredImage } from './image-engine.ts';

const ask = { deadline: 15_000, idempotent: true } as const;
const remove = { deadline: 120_000 } as const;

export async function listImages({ docker, call }: Client, names: RegExp): Promise<StoredImage[]> {
  const all = await call('list images', ask, (abortSignal) => docker.listImages({ abortSignal }));
  const found = all.map((image) => ({
    id: image.Id,
    tags: (image.RepoTags ?? []).filter((tag) => names.test(tag)),
    bytes: image.Size,
  }));
  return found.filter((image) => image.tags.length > 0);
}

/** Removes every image of such a name and the unnamed layers built on one. Answers how many names went. */
export async function removeImages(client: Client, names: RegExp): Promise<number> {
  const tags = (await listImages(client, names)).flatMap((image) => image.tags);
  const leftovers = await unnamedDescendants(client, tags);
  for (const id of leftovers) await removeImage(client, id);
  for (const tag of tags) await removeImage(client, tag);
  return tags.length;
}

/** The classic builder keeps each step as an unnamed child; a build that failed leaves such a chain. Leaves first. */
async function unnamedDescendants({ docker, call }: Client, tags: readonly string[]): Promise<string[]> {
  const all = await call('list images', ask, (abortSignal) => docker.listImages({ all: true, abortSignal }));
  const related = new Set(
    all.filter((image) => image.RepoTags?.some((tag) => tags.includes(tag))).map((image) => image.Id),
  );
  const unnamed = all.filter((image) => !image.RepoTags?.some((tag) => tag !== '<none>:<none>'));
  const chain: string[] = [];
  for (let found = true; found; ) {
    const next = unnamed.filter((image) => related.has(image.ParentId) && !related.has(image.Id));
    for (const image of next) related.add(image.Id);
    chain.unshift(...next.map((image) => image.Id));
    found = next.length > 0;
  }
  return chain;
}

async function removeImage({ docker, call }: Client, reference: string): Promise<void> {
  await call(`remove the image ${reference}`, remove, async (abortSignal) => {
    try {
      await docker.getImage(reference).remove({ force: true, abortSignal });
    } catch (error) {
      // 404: its last name took it along. 409: a named image still stands on it and takes it along later.
      if (!isRefusal(error, 404, 409)) throw error;
    }
  });
}
