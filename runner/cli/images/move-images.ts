import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { DrydockError } from '#contract';
import { missingImages } from '../../engine/images/build-images.ts';
import { dockerImageEngine } from '../../engine/images/docker-image-engine.ts';
import { imageTags } from '../../engine/images/image-tags.ts';
import type { CliContext } from '../context.ts';
import { requireEngine } from '../setup/require-engine.ts';

/** All images the course runs on, in one archive as `docker save` writes it; whole or not there at all. */
export async function exportImages(context: CliContext, file: string): Promise<void> {
  await requireEngine(context);
  const engine = dockerImageEngine(context.engine.address);
  const missing = await missingImages(context.root, engine);
  if (missing.length > 0) throw new DrydockError('image-missing', `Not built yet: ${missing.join(', ')}.`);
  const { debian: _root, ...tags } = await imageTags(context.root);
  const part = `${file}.part`;
  try {
    await engine.save(Object.values(tags), createWriteStream(part, { mode: 0o644 }));
    await rename(part, file);
  } catch (cause) {
    throw fileProblem(file, 'written', cause);
  } finally {
    await rm(part, { force: true });
  }
  context.say(`Wrote ${Object.keys(tags).length} images, ${Math.round((await stat(file)).size / 1e6)} MB, to ${file}.`);
}

/** Reads such an archive and says which images the course still lacks. */
export async function importImages(context: CliContext, file: string): Promise<void> {
  await requireEngine(context);
  const engine = dockerImageEngine(context.engine.address);
  await stat(file).catch((cause) => {
    throw fileProblem(file, 'read', cause);
  });
  await engine.load(createReadStream(file), (line) => context.say(line));
  const missing = await missingImages(context.root, engine);
  context.say(
    missing.length === 0 ? 'Every image is there.' : `Not in it, for this version of Drydock: ${missing.join(', ')}.`,
  );
}

function fileProblem(file: string, done: 'read' | 'written', cause: unknown): unknown {
  if (cause instanceof DrydockError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DrydockError('usage', `${file} could not be ${done}: ${reason}`, {
    cause,
    hint: 'Name a file in a folder that is yours.',
  });
}
