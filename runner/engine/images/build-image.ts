import { DrydockError } from '#contract';
import { APP, LABEL } from '../../core/labels/labels.ts';
import { buildContext } from './build-context.ts';
import type { ImageEngine } from './image-engine.ts';
import type { ImageSource } from './image-spec.ts';
import type { ImageTags } from './image-tags.ts';
import type { InstallPlace } from './installed-packages.ts';

interface BuildOne {
  readonly place: InstallPlace;
  readonly engine: ImageEngine;
  readonly image: ImageSource;
  readonly tags: ImageTags;
  readonly told: (line: string) => void;
}

const LAST_LINES = 20;

export async function buildImage({ place, engine, image, tags, told }: BuildOne): Promise<void> {
  const last: string[] = [];
  const keep = (line: string) => {
    last.push(line);
    if (last.length > LAST_LINES) last.shift();
    told(line);
  };
  const context = await buildContext(place, image);
  try {
    await engine.build(
      { tag: tags[image.name] ?? '', context, args: parentArguments(image, tags), labels: { [LABEL.app]: APP } },
      keep,
    );
  } catch (cause) {
    if (cause instanceof DrydockError && cause.name === 'engine-unavailable') throw cause;
    throw buildFailure(image, last, cause);
  } finally {
    context.destroy();
  }
}

/** `FROM_<NAME>` for each parent, as the Dockerfile's ARG before FROM expects it. */
export function parentArguments(image: ImageSource, tags: ImageTags): Record<string, string> {
  const named = (parent: string) => [`FROM_${parent.toUpperCase().replaceAll('-', '_')}`, tags[parent] ?? ''] as const;
  return Object.fromEntries(image.spec.from.map(named));
}

function buildFailure(image: ImageSource, last: readonly string[], cause: unknown): DrydockError {
  const step = last.findLast((line) => /^Step \d+\/\d+ :/.test(line)) ?? 'before its first step';
  const reason = cause instanceof DrydockError && cause.cause ? cause.cause : cause;
  const words = reason instanceof Error ? reason.message : String(reason);
  const full = /no space left/i.test(`${words}\n${last.join('\n')}`);
  return new DrydockError(
    'environment',
    `The image ${image.name} could not be built. It stopped at: ${step}\n${words}\nThe last lines of the build:\n${last.map((line) => `  ${line}`).join('\n')}`,
    {
      cause,
      hint: full
        ? 'The disk is full. Free some space, then run it again: images already built are kept.'
        : "Check that containers reach Debian's packages, then run it again: images already built are kept.",
    },
  );
}
