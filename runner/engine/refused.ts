import { DrydockError } from '#contract';

/** The engine said no. `asked` completes "to …"; `words` are its own. */
export function refused(asked: string, words: string, cause?: unknown): DrydockError {
  return new DrydockError('engine-refused', `The container engine was asked to ${asked} and said no: ${words}`, {
    cause,
  });
}

export function imageMissing(asked: string, words: string, cause?: unknown): DrydockError {
  return new DrydockError('image-missing', `The container engine was asked to ${asked} and said no: ${words}`, {
    cause,
  });
}
