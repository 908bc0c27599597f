import { DrydockError } from '#contract';
import { missingImages } from '../../engine/images/build-images.ts';
import { dockerImageEngine } from '../../engine/images/docker-image-engine.ts';
import type { CliContext } from '../context.ts';
import { askEngine, type EngineState } from '../machine/ask-engine.ts';
import { engineProblem } from '../machine/engine-problem.ts';
import { agreeOnEngine, engineWork } from '../machine/ensure-engine.ts';
import { mayWrite } from '../machine/may-write.ts';
import { readMachine } from '../machine/read-machine.ts';
import { requireSpace, SPACE_TO_BUILD, SPACE_TO_RUN } from '../machine/require-space.ts';

/** Where an engine keeps images unless told otherwise. */
const ENGINE_FOLDER = '/var/lib/docker';

/**
 * Everything that can be known to fail before anything is made: engine, space. Says what will be installed, and
 * asks. Throws DrydockError `environment`.
 */
export async function requireMachine(context: CliContext): Promise<void> {
  const { address, given } = context.engine;
  const [state, machine] = await Promise.all([askEngine(address), readMachine(context)]);
  const work = engineWork(state, machine, given);
  if (state.kind !== 'ready' && work === null) throw engineProblem(state, machine, context.engine);
  await requireHome(context);
  const building = state.kind !== 'ready' || (await missingImages(context.root, dockerImageEngine(address))).length > 0;
  const folder = engineFolder(context, state);
  if (folder) await requireSpace(folder, building ? SPACE_TO_BUILD : SPACE_TO_RUN, 'The container engine');
  if (work) await agreeOnEngine(context, work);
}

/** The engine's folder on this machine; null when it is on another. */
function engineFolder(context: CliContext, state: EngineState): string | null {
  if (!('socketPath' in context.engine.address)) return null;
  return (state.kind === 'ready' && state.info.DockerRootDir) || ENGINE_FOLDER;
}

async function requireHome(context: CliContext): Promise<void> {
  await requireSpace(context.home, SPACE_TO_RUN, 'Drydock');
  if (await mayWrite(context.home)) return;
  throw new DrydockError(
    'environment',
    `${context.user} cannot write to ${context.home}, where Drydock keeps your work.`,
    {
      hint: 'Make it writable, or set DRYDOCK_HOME to a folder that is; then run npm start.',
    },
  );
}
