import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { DrydockError } from '#contract';
import type { ImageSource } from './image-spec.ts';

/** A file of a build context. `path` is its place there, `source` where its bytes are now. */
export interface ContextFile {
  readonly path: string;
  readonly source: string;
  readonly mode: 0o644 | 0o755;
  /** Where a symbolic link points; its bytes then count for nothing. */
  readonly link?: string;
}

/** What git does not keep, or keeps for itself, is no part of an image. */
const LEFT_OUT = new Set(['node_modules', '.git', '.DS_Store']);

/** The Dockerfile and everything image.json names, by path. Packages and Node are added when building. */
export async function contextFiles(root: string, image: ImageSource): Promise<ContextFile[]> {
  const parts = Object.entries(image.spec.context);
  const listed = await Promise.all(
    [['Dockerfile', `${image.folder}/Dockerfile`] as const, ...parts].map(([path, from]) =>
      filesBelow(path, join(root, from), LEFT_OUT).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== 'ENOENT') throw cause;
        throw new DrydockError('invalid-file', `${image.folder}/image.json names ${from}, and there is no such file.`, {
          cause,
        });
      }),
    ),
  );
  return listed.flat().sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** One file, or every file below a folder. Only the executable bit is kept: git and umask decide the rest. */
export async function filesBelow(path: string, source: string, leftOut: ReadonlySet<string>): Promise<ContextFile[]> {
  const stat = await lstat(source);
  if (stat.isSymbolicLink()) return [{ path, source, mode: 0o644, link: await readlink(source) }];
  if (stat.isFile()) return [{ path, source, mode: stat.mode & 0o100 ? 0o755 : 0o644 }];
  if (!stat.isDirectory()) return [];
  const names = (await readdir(source)).filter((name) => !leftOut.has(name)).sort();
  return (await Promise.all(names.map((name) => filesBelow(`${path}/${name}`, join(source, name), leftOut)))).flat();
}

export async function bytesOf(file: ContextFile): Promise<Buffer> {
  return file.link === undefined ? readFile(file.source) : Buffer.from(file.link);
}
