/** Resolves with the signal's name on the first SIGINT, SIGTERM or SIGHUP. A second one ends the process at once. */
export function waitForEnd(runs: NodeJS.Process): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    runs.once(signal, () => {
      runs.once(signal, () => runs.exit(130));
      resolve(signal);
    });
  }
  return promise;
}
