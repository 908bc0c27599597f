import { DrydockError } from '#contract';

/** Runs work on a database; an error that is the database's own becomes `store-failed`, any other stays what it is. */
export async function explaining<T>(
  name: string,
  explain: (error: unknown) => string | null,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const why = explain(error);
    if (why === null) throw error;
    throw new DrydockError('store-failed', `${name} failed: ${why}. Nothing of this was saved.`, { cause: error });
  }
}
