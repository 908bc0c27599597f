import { runTogether } from '../../core/flow/run-together.ts';
import { semaphore } from '../../core/flow/semaphore.ts';
import { type Bootstrap, bootstrapDebian } from './bootstrap-debian.ts';
import { buildImage } from './build-image.ts';
import type { ImageEngine } from './image-engine.ts';
import { type ImageSource, readImageSources } from './image-spec.ts';
import { tagsOf } from './image-tags.ts';
import type { InstallPlace } from './installed-packages.ts';
import { orderImages } from './order-images.ts';
import { type Progress, step } from './progress.ts';
import { ROOT_IMAGE, ROOT_REFERENCE, ROOT_TAG, SUITE } from './root-image.ts';

export interface BuildSetup extends Bootstrap {
  readonly place: InstallPlace;
  readonly engine: ImageEngine;
  readonly progress: Progress;
}

/** A build is one part processor, one part waiting for packages: two at a time keep both busy. */
const AT_A_TIME = 2;
const REGISTRY_ANSWER_MS = 8_000;

export const imageStep = (name: string) => `image ${name}`;

/** Names of the images this engine does not have, parents before children. */
export async function missingImages(root: string, engine: ImageEngine): Promise<string[]> {
  const ordered = orderImages(await readImageSources(root));
  const tags = await tagsOf(root, ordered);
  const there = await Promise.all(ordered.map((image) => engine.has(tags[image.name] ?? '')));
  const missing = ordered.map((image) => image.name).filter((_, index) => !there[index]);
  // The root image is needed to build, not to run.
  return missing.length > 0 && !(await engine.has(ROOT_TAG)) ? [ROOT_IMAGE, ...missing] : missing;
}

/**
 * Builds what is missing, two at a time, and answers the names built. After a failure nothing more is begun and
 * what was running ends; finished images stay, so the next run goes on from there.
 * Throws DrydockError `environment` with the last lines of the build that failed.
 */
export async function buildImages(setup: BuildSetup): Promise<string[]> {
  const { place, engine, progress } = setup;
  const ordered = orderImages(await readImageSources(place.root));
  const tags = await tagsOf(place.root, ordered);
  const missing = await missingImages(place.root, engine);
  progress.plan(missing.map(imageStep));
  const inTurn = semaphore(AT_A_TIME);
  const ready = new Map(missing.map((name) => [name, Promise.withResolvers<void>()]));
  // A parent's failure is thrown once, by its own task; who waits for it must not turn it into an unhandled one.
  for (const one of ready.values()) one.promise.catch(() => {});

  const makeRoot = () =>
    step(progress, imageStep(ROOT_IMAGE), async (told) => {
      if (await engine.pull(ROOT_REFERENCE, ROOT_TAG, REGISTRY_ANSWER_MS, told)) return;
      await bootstrapDebian(engine, { suite: SUITE, tag: ROOT_TAG }, setup, told);
    });
  const make = (image: ImageSource) =>
    step(progress, imageStep(image.name), (told) => buildImage({ place, engine, image, tags, told }));

  let failure: { readonly error: unknown } | null = null;
  await runTogether(
    missing.map((name) => async () => {
      const image = ordered.find((one) => one.name === name);
      try {
        await Promise.all((image?.spec.from ?? []).map((parent) => ready.get(parent)?.promise));
        await inTurn(async () => {
          if (failure) throw failure.error;
          try {
            await (image ? make(image) : makeRoot());
          } catch (error) {
            // Noted before the turn is handed on, so that the next in line is not begun.
            failure ??= { error };
            throw error;
          }
        });
        ready.get(name)?.resolve();
      } catch (error) {
        ready.get(name)?.reject(error);
        throw error;
      }
    }),
  );
  return missing;
}
