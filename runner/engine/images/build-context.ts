import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { type ContextFile, contextFiles, filesBelow } from './context-files.ts';
import type { ImageSource } from './image-spec.ts';
import { type InstallPlace, installedPackages } from './installed-packages.ts';
import { pinnedNode } from './pinned-node.ts';

/** The build context as a plain tar stream. One owner and one date, so that equal files give equal layers. */
export async function buildContext(place: InstallPlace, image: ImageSource): Promise<Readable> {
  const files = await contextFiles(place.root, image);
  if (image.spec.npm)
    files.push(...(await filesBelow('node_modules', await installedPackages(place, image.spec.npm), new Set())));
  if (image.spec.node) files.push({ path: 'node/bin/node', source: await pinnedNode(place), mode: 0o755 });
  const tar = pack();
  write(tar, files).catch((error) => tar.destroy(error));
  return tar as unknown as Readable;
}

async function write(tar: ReturnType<typeof pack>, files: readonly ContextFile[]): Promise<void> {
  for (const file of files) {
    const header = { name: file.path, mode: file.mode, mtime: new Date(0), uid: 0, gid: 0 };
    if (file.link !== undefined) {
      tar.entry({ ...header, type: 'symlink', linkname: file.link });
      continue;
    }
    const entry = tar.entry({ ...header, size: (await stat(file.source)).size });
    await pipeline(createReadStream(file.source), entry);
  }
  tar.finalize();
}
