import { mkdir } from 'node:fs/promises';
import { runTogether } from '../../core/flow/run-together.ts';
import { buildImages } from '../../engine/images/build-images.ts';
import { step } from '../../engine/images/progress.ts';
import type { CliContext } from '../context.ts';
import { ensureEngine } from '../machine/ensure-engine.ts';
import { showProgress } from '../progress/show-progress.ts';
import { buildSite, SITE_STEP, siteToBuild } from '../site/build-site.ts';
import { buildSetup } from './course-engine.ts';
import { requireMachine } from './require-machine.ts';

const ENGINE_STEP = 'container engine';

/**
 * Everything between installed packages and a course that can be served: engine, images, site. Does only what is
 * not done yet, and begins nothing on a machine that cannot finish it.
 * Throws DrydockError `environment`: what, why, what to do.
 */
export async function setUp(context: CliContext): Promise<void> {
  await requireMachine(context);
  await mkdir(context.home, { recursive: true, mode: 0o700 });
  await showProgress(context, async (steps) => {
    const site = await siteToBuild(context.root);
    steps.plan(site ? [ENGINE_STEP, SITE_STEP] : [ENGINE_STEP]);
    await step(steps, ENGINE_STEP, (told) => ensureEngine(context, told));
    // The site is the processor's work, the images mostly the network's: side by side they cost little more than one.
    await runTogether([
      async () => void (await buildImages(buildSetup(context, steps))),
      async () => {
        if (site) await step(steps, SITE_STEP, (told) => buildSite(context.root, site, context.environment, told));
      },
    ]);
  });
}
