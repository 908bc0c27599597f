import { DrydockError } from '#contract';
import type { Engine } from '../../core/ports/engine.ts';
import type { Part } from '../server-deps.ts';

/** Whether the engine answers. Says of a failure what the catalogue says, not where or how we reach it. */
export async function engineReady(engine: Pick<Engine, 'facts'>): Promise<Part> {
  try {
    await engine.facts();
    return { name: 'engine', ok: true, message: 'Answers.' };
  } catch (error) {
    const { title, hint } =
      error instanceof DrydockError ? error : new DrydockError('engine-unavailable', '', { cause: error });
    return { name: 'engine', ok: false, message: `${title}. ${hint}` };
  }
}
