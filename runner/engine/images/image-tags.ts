import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesOf, contextFiles } from './context-files.ts';
import { type ImageSource, readImageSources } from './image-spec.ts';
import { orderImages } from './order-images.ts';
import { pinnedNodeIdentity } from './pinned-node.ts';
import { ROOT_IMAGE, ROOT_TAG } from './root-image.ts';

export type ImageTags = Readonly<Record<string, string>>;

/** Image name → full tag, by content: the same files give the same tag on every machine of one architecture. */
export async function imageTags(root: string): Promise<ImageTags> {
  return tagsOf(root, orderImages(await readImageSources(root)));
}

/** `ordered`: parents before children. */
export async function tagsOf(root: string, ordered: readonly ImageSource[]): Promise<ImageTags> {
  const tags: Record<string, string> = { [ROOT_IMAGE]: ROOT_TAG };
  for (const image of ordered) {
    const parents = image.spec.from.map((name) => tags[name] ?? name);
    tags[image.name] = `drydock/${image.name}:${await contentHash(root, image, parents)}`;
  }
  return tags;
}

async function contentHash(root: string, image: ImageSource, parents: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  // Every part carries its length, so that no two different lists of parts run together into the same bytes.
  const add = (name: string, bytes: Uint8Array | string) =>
    hash.update(`${name} ${Buffer.byteLength(bytes)}\n`).update(bytes);
  add('image.json', await readFile(join(root, image.folder, 'image.json')));
  for (const file of await contextFiles(root, image)) {
    add(`${file.link === undefined ? file.mode.toString(8) : 'link'} ${file.path}`, await bytesOf(file));
  }
  if (image.spec.npm) {
    for (const file of ['package.json', 'package-lock.json'])
      add(`npm ${file}`, await readFile(join(root, image.spec.npm, file)));
  }
  if (image.spec.node) add('node', await pinnedNodeIdentity(root));
  for (const tag of parents) add('from', tag);
  return hash.digest('hex').slice(0, 12);
}
