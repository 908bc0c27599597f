/** Where long work says how far it is. Steps are told apart by name; a told line belongs to a running step. */
export interface Progress {
  /** Steps that will be started, in about this order. May be called again with more. */
  plan(steps: readonly string[]): void;
  start(step: string): void;
  line(step: string, text: string): void;
  done(step: string): void;
  failed(step: string): void;
}

export const SILENT: Progress = { plan() {}, start() {}, line() {}, done() {}, failed() {} };

/** Runs one step and reports its beginning and its end. */
export async function step<T>(
  progress: Progress,
  name: string,
  run: (told: (line: string) => void) => Promise<T>,
): Promise<T> {
  progress.start(name);
  try {
    const result = await run((line) => progress.line(name, line));
    progress.done(name);
    return result;
  } catch (error) {
    progress.failed(name);
    throw error;
  }
}
