import { DrydockError } from '#contract';
import type { Part } from '../server-deps.ts';

/** Whether a part is well. Says of a failure what the catalogue says, not where or how the part is reached. */
export async function partReady(name: string, ask: () => unknown, well = 'Answers.'): Promise<Part> {
  try {
    await ask();
    return { name, ok: true, message: well };
  } catch (error) {
    const { title, hint } = error instanceof DrydockError ? error : new DrydockError('environment', String(error));
    return { name, ok: false, message: `${title}. ${hint}` };
  }
}
