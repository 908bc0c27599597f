import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DrydockError } from '#contract';

const ImageName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);
const RepoPath = z.string().regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$)).+$/, 'a path inside the repository');

/** labs/images/NAME/image.json: what the Dockerfile beside it is built from. */
export const ImageSpec = z.strictObject({
  from: z
    .union([ImageName, z.array(ImageName).min(1)])
    .transform((from) => (typeof from === 'string' ? [from] : from))
    .describe('Images it starts from; each is handed to the Dockerfile as FROM_<NAME>.'),
  context: z
    .record(RepoPath, RepoPath)
    .default({})
    .describe('Path in the build context → file or folder of the repository.'),
  npm: RepoPath.optional().describe('Folder whose locked production packages become node_modules in the context.'),
  node: z.boolean().default(false).describe('True puts the pinned Node at node/bin/node in the context.'),
});
export type ImageSpec = z.infer<typeof ImageSpec>;

export interface ImageSource {
  readonly name: string;
  /** Relative to the repository. */
  readonly folder: string;
  readonly spec: ImageSpec;
}

export const IMAGES_FOLDER = 'labs/images';

/** Every image of the repository, found by convention. Throws DrydockError `invalid-file`. */
export async function readImageSources(root: string): Promise<ImageSource[]> {
  const entries = await readdir(join(root, IMAGES_FOLDER), { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_'))
    .map((entry) => entry.name);
  return Promise.all(names.sort().map((name) => readImageSource(root, name)));
}

async function readImageSource(root: string, name: string): Promise<ImageSource> {
  const folder = `${IMAGES_FOLDER}/${name}`;
  const file = `${folder}/image.json`;
  return { name: ImageName.parse(name), folder, spec: parse(await readFile(join(root, file), 'utf8'), file) };
}

function parse(text: string, file: string): ImageSpec {
  try {
    return ImageSpec.parse(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new DrydockError('invalid-file', `${file}: ${reason}`, {
      cause,
      at: [{ file, line: 1, column: 1, message: reason }],
    });
  }
}
