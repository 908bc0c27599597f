import { buildImages } from '../../engine/images/build-images.ts';
import type { CliContext } from '../context.ts';
import { showProgress } from '../progress/show-progress.ts';
import { buildSetup } from '../setup/course-engine.ts';
import { requireEngine } from '../setup/require-engine.ts';

export async function buildMissing(context: CliContext): Promise<void> {
  await requireEngine(context);
  const built = await showProgress(context, (steps) => buildImages(buildSetup(context, steps)));
  context.say(built.length === 0 ? 'Every image is there.' : `Built ${built.join(', ')}.`);
}
