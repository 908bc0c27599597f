/** Told to every task; throws once a sibling has failed, so that nothing new is begun after a failure. */
export type Proceed = () => void;

/**
 * Runs tasks side by side and ends only when all of them have ended. On the first failure the others are told to
 * begin nothing more, and what only waits can end its wait by `failed`; then that failure is thrown. So a clean-up after it
 * races with nobody.
 */
export async function runTogether<T>(
  tasks: readonly ((proceed: Proceed, failed: AbortSignal) => Promise<T>)[],
): Promise<T[]> {
  let failure: { error: unknown } | null = null;
  const failed = new AbortController();
  const proceed = () => {
    if (failure) throw failure.error;
  };
  const settled = await Promise.allSettled(
    tasks.map(async (task) => {
      try {
        return await task(proceed, failed.signal);
      } catch (error) {
        failure ??= { error };
        failed.abort();
        throw error;
      }
    }),
  );
  proceed();
  return settled.map((one) => (one as PromiseFulfilledResult<T>).value);
}
