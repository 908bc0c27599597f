import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface ImageRepo extends AsyncDisposable {
  readonly root: string;
  write(path: string, content: string, mode?: number): Promise<void>;
}

export const dockerfile = (name: string, from: string) => ({
  [`labs/images/${name}/image.json`]: JSON.stringify({ from, context: { 'app.txt': `labs/images/${name}/app.txt` } }),
  [`labs/images/${name}/Dockerfile`]: `ARG FROM_${from.toUpperCase()}\nFROM $\{FROM_${from.toUpperCase()}}\nCOPY app.txt /\n`,
  [`labs/images/${name}/app.txt`]: `I am ${name}\n`,
});

/** A repository that is nothing but images, in a folder of its own. */
export async function imageRepo(files: Readonly<Record<string, string>>): Promise<ImageRepo> {
  const root = await mkdtemp(join(tmpdir(), 'drydock-images-'));
  const write = async (path: string, content: string, mode = 0o644) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
    await chmod(join(root, path), mode);
  };
  for (const [path, content] of Object.entries(files)) await write(path, content);
  return { root, write, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) };
}
