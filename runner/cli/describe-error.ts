import { CommanderError } from 'commander';
import { DrydockError } from '#contract';

/** An error as the terminal shows it, and the exit code it stands for. Commander has already printed its own. */
export function describeError(error: unknown): { text: string; exit: number } {
  if (error instanceof CommanderError) return { text: '', exit: error.exitCode === 0 ? 0 : 2 };
  if (error instanceof DrydockError) {
    const places = error.at.map((place) => `  ${place.file}:${place.line}:${place.column} ${place.message}`);
    return { text: [error.title, error.message, ...places, error.hint].join('\n'), exit: error.exit };
  }
  return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), exit: 2 };
}
